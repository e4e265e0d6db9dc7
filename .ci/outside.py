"""Reads what `tupu export` wrote into a folder with rdflib and pyoxigraph; prints the number of triples if all is well.

All is well if every format is the same graph, without blank nodes, with both languages, if the named
graphs are the same in TriG and N-Quads, and if each SPARQL query of docs/rdf.md finds something.
"""

import pathlib
import re
import sys

import pyoxigraph
import rdflib

folder = pathlib.Path(sys.argv[1])
turtle = rdflib.Graph().parse(folder / "chengyu.ttl")
for name, syntax in [("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")]:
    other = rdflib.Graph().parse(folder / f"chengyu.{name}", format=syntax)
    assert set(turtle) == set(other), f"Turtle and {name} differ"


def quads(name, syntax):
    dataset = rdflib.Dataset()
    dataset.parse(folder / name, format=syntax)
    return {(s, p, o, getattr(g, "identifier", g)) for s, p, o, g in dataset.quads()}


for name in ("nq", "trig"):
    found = {quad[:3] for quad in quads(f"chengyu.{name}", {"nq": "nquads", "trig": "trig"}[name])}
    assert found == set(turtle), f"Turtle and {name} differ"
graphs = quads("graphs.trig", "trig")
assert graphs == quads("graphs.nq", "nquads"), "TriG and N-Quads differ"
assert len({quad[3] for quad in graphs}) == 12, "eleven articles and the default graph"



def oxigraph(name):
    return {str(quad) for quad in pyoxigraph.parse(path=folder / name)}


reference = oxigraph("chengyu.nt")
for name in ("ttl", "nq", "trig", "rdf", "jsonld"):
    assert oxigraph(f"chengyu.{name}") == reference, f"pyoxigraph: {name} differs"
assert len(oxigraph("rdf12.ttl")) > 10000, "pyoxigraph reads RDF 1.2"

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
