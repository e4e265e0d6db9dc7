"""Asks pyoxigraph's store what is asked of `tupu query --graph`, and compares the answers.

sparql_judge.py TUPU PAGE.ttl: the questions of tests/cases/sparql/page.sparql on the page's graph, those
of generated.sparql on one that is made here: cycles, blank nodes, named graphs, values of many types.
"""

import datetime
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import pyoxigraph
from pyoxigraph import QueryResultsFormat, RdfFormat

tupu, page = sys.argv[1:]
folder = pathlib.Path("tests/cases/sparql")


def generated():
    """A graph as N-Quads, the same each time."""
    chance = random.Random(20241126)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    count = 120
    node = lambda number: f"<https://kg.example/n{number % count}>"
    own = lambda name: f"<https://kg.example/{name}>"
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    for n in range(count):
        s = node(n)
        for graph in ["", own("g1") if n % 2 else "", own("g2") if n % 3 == 0 else ""]:
            yield f"{s} {rdf_type} {own('Thing')} {graph} ."
            yield f'{s} {own("value")} "{n * 7 % 101}"^^<{xsd}integer> {graph} .'
        # Two rings, one with a tail.
        yield f"{s} {own('next')} {node(n + 1 if n % 60 != 59 else n - 59)} ."
        for _ in range(chance.randrange(4)):
            yield f"{s} {own('links')} {node(chance.randrange(count))} ."
        yield f"{s} {own('kind')} {own('kind' + str(n % 5))} ."
        day = datetime.date(2024, 1, 1) + datetime.timedelta(days=n * 3)
        yield f'{s} {own("date")} "{day}"^^<{xsd}date> .'
        yield f'{s} {own("time")} "{day}T{n % 24:02}:30:00Z"^^<{xsd}dateTime> .'
        if n % 4:
            yield f'{s} {label} "节点{n % 50}"@zh .'
        if n % 3:
            yield f'{s} {label} "node {n % 50}"@en .'
        # Numbers in canonical form, since Oxigraph keeps no other: 01 comes back as 1.
        value = [f'"1"^^<{xsd}integer>', f'"1.5"^^<{xsd}decimal>', f'"1"^^<{xsd}double>', '"1"', own("one"), f'"7"^^<{xsd}integer>'][n % 6]
        yield f"{s} {own('mixed')} {value} ."
        yield f"{s} {own('owner')} _:o{n % 10} ."
    for n in range(10):
        yield f'_:o{n} {own("value")} "{n * 1000}"^^<{xsd}integer> .'


def questions(name):
    text = (folder / name).read_text(encoding="utf-8")
    return [part.strip() for part in text.split("\n\n") if not part.startswith("#")]


def normal(binding):
    """A row without the labels of its blank nodes, which mean nothing."""
    return json.dumps({k: {"type": "bnode"} if v["type"] == "bnode" else v for k, v in binding.items()}, sort_keys=True)


def normal_triple(triple):
    return re.sub(r"_:\S+", "_:", str(triple))


def compare(name, path, prefixes, prologue=""):
    store = pyoxigraph.Store()
    store.load(path=path)
    listed = questions(name)
    for query in listed:
        form = re.match(r"[A-Z]+", query)[0]
        is_graph = form in ("CONSTRUCT", "DESCRIBE")
        query = prologue + query
        run = subprocess.run(
            [tupu, "query", query, "--graph", path, "--format", "ntriples" if is_graph else "json"],
            capture_output=True,
            encoding="utf-8",
        )
        assert run.returncode in (0, 1) and not run.stderr, f"{query}\n{run.stderr}"
        answer = store.query(query, prefixes=prefixes)
        if is_graph:
            ours = {normal_triple(quad.triple) for quad in pyoxigraph.parse(run.stdout, format=RdfFormat.N_TRIPLES)}
            theirs = {normal_triple(triple) for triple in answer}
        else:
            ours = json.loads(run.stdout)
            theirs = json.loads(answer.serialize(format=QueryResultsFormat.JSON))
            if "boolean" in theirs:
                ours, theirs = ours["boolean"], theirs["boolean"]
            else:
                assert ours["head"]["vars"] == theirs["head"]["vars"], query
                is_ordered = "ORDER BY" in query.rsplit("}", 1)[-1]
                ours, theirs = ([normal(row) for row in it["results"]["bindings"]] for it in (ours, theirs))
                if not is_ordered:
                    ours, theirs = sorted(ours), sorted(theirs)
        assert ours == theirs, f"{query}\ntupu: {ours!s:.800}\npyoxigraph: {theirs!s:.800}"
    return len(listed)


with tempfile.TemporaryDirectory() as scratch:
    path = f"{scratch}/generated.nq"
    pathlib.Path(path).write_text("".join(line + "\n" for line in generated()), encoding="utf-8")
    declared = dict(re.findall(r"@prefix (\w+): <([^>]*)>", pathlib.Path(page).read_text(encoding="utf-8")))
    on_page = compare("page.sparql", page, declared)
    on_generated = compare("generated.sparql", path, declared, "PREFIX k: <https://kg.example/> ")
print(f"{on_page} questions on the page, {on_generated} on a generated graph: the same answers")
