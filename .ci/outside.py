"""Reads a Turtle and an N-Triples file with rdflib; prints the number of triples if all is well.

All is well if both are the same graph, without blank nodes, with both languages, and if each SPARQL
query of docs/rdf.md finds something.
"""

import pathlib
import re
import sys

import rdflib

turtle = rdflib.Graph().parse(sys.argv[1])
ntriples = rdflib.Graph().parse(sys.argv[2], format="nt")
assert set(turtle) == set(ntriples), "Turtle and N-Triples differ"
assert not any(isinstance(term, rdflib.BNode) for triple in turtle for term in triple), "blank node"
for language in ("zh", "en"):
    query = f'SELECT * {{ ?s rdfs:label ?l FILTER(LANG(?l) = "{language}") }}'
    assert len(turtle.query(query)) > 500, f"labels in {language}"
text = pathlib.Path("docs/rdf.md").read_text(encoding="utf-8")
queries = re.findall(r"```sparql\n(.*?)```", text, re.S)
assert len(queries) >= 2
for query in queries:
    assert len(turtle.query(query)) > 2, query
print(len(turtle))
