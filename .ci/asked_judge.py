"""Asks pyoxigraph and rdflib the queries that `--sparql` prints, and compares the rows with the answers.

asked_judge.py TUPU PAGE.ttl CONTEXT.jsonld: every command that has a query, on data/, with the entities,
classes and options of a sample that is the same each time.
"""

import json
import random
import subprocess
import sys

import pyoxigraph
import rdflib

tupu, page, context = sys.argv[1:]
chance = random.Random(20241126)

store = pyoxigraph.Store()
store.load(path=page)
graph = rdflib.Graph()
graph.parse(page)

PREFIXES = {}
TERMS = {}
for name, said in json.load(open(context, encoding="utf-8"))["@context"].items():
    iri = said.get("@id", "") if isinstance(said, dict) else str(said)
    prefix, _, local = iri.partition(":")
    if iri.endswith(("/", "#")):
        PREFIXES[name] = iri
    elif prefix in PREFIXES:
        TERMS[name] = PREFIXES[prefix] + local


def pyoxigraph_rows(query):
    solutions = store.query(query)
    names = [it.value for it in solutions.variables]
    for row in solutions:
        yield {name: term.value for name in names if (term := row[name]) is not None}


def rdflib_rows(query):
    for row in graph.query(query).bindings:
        yield {str(name): str(term) for name, term in row.items()}


ENGINES = {"pyoxigraph": pyoxigraph_rows, "rdflib": rdflib_rows}
FACTS = {
    row["fact"]: (row["subject"], row["slot"], row["object"], row.get("status", "asserted").rsplit("#")[-1])
    for row in pyoxigraph_rows(
        """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT * { ?fact rdf:subject ?subject ; rdf:predicate ?slot ; rdf:object ?object
        OPTIONAL { ?fact <https://w3id.org/tupu/ns#status> ?status } }"""
    )
}


def run(arguments):
    process = subprocess.run([tupu, *arguments], capture_output=True, encoding="utf-8")
    assert process.returncode in (0, 1), f"{arguments}\n{process.stderr}"
    return process.stdout


def said_fact(fact):
    return fact["subject"]["iri"], fact["slot"]["iri"], fact["object"]["iri"], fact["status"]


def number(text):
    return "" if text in (None, "") else str(float(text))


# For each command what its JSON says, and what a row of the query says, both as tuples.


def show_said(card):
    for fact in card["facts"] + card["facts_about"]:
        # A literal only by what it is a value of.
        value = fact["object"]["iri"] if "object" in fact else None
        yield fact["subject"]["iri"], fact["slot"]["iri"], value, fact["status"]


ENTITIES = {row["e"] for row in pyoxigraph_rows("PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?e { ?e skos:prefLabel ?n }")}


def show_row(row):
    value = row["value"] if row["value"] in ENTITIES else None
    return row["subject"], row["slot"], value, row["status"]


def why_said(links):
    for link in links:
        through = link["through"]["iri"] if link["through"] else ""
        yield from ((through, *said_fact(fact)) for fact in link["facts"])


def common_said(things):
    for thing in things:
        yield thing["kind"], thing["entity"]["iri"] if "entity" in thing else TERMS[thing["class"]]


def targets_said(targets):
    for it in targets:
        fact = it["value"] or it["deadline"]
        quantity = fact.get("quantity") or {}
        due = it["due"]["value"] if it["due"] else ""
        yield it["entity"]["iri"], fact["slot"]["iri"], number(quantity.get("number")), quantity_unit(quantity), due, it["status"]


def quantity_unit(quantity):
    return (quantity.get("scale") or "") + (quantity.get("unit") or "")


def numbers_said(numbers):
    for it in numbers:
        for when in it["when"] or [{"value": ""}]:
            comparator = it["comparator"] or ""
            yield it["entity"]["iri"], it["fact"]["slot"]["iri"], number(it["number"]), it["unit"], comparator, when["value"], it["fact"]["status"]


def stats_said(counts):
    summed = {}
    for it in counts:
        if it["kind"] == "component of" or it["id"] == "components":
            continue
        what = it["id"]
        if it["kind"] in ("class", "slot"):
            what = TERMS[what]
        if it["kind"] in ("hub", "article"):
            what = PREFIXES["cy"] + what
        summed[it["kind"], what] = summed.get((it["kind"], what), 0) + it["count"]
    return ((*what, count) for what, count in summed.items())


def path_said(paths):
    return (tuple(said_fact(step["fact"]) for step in path["steps"]) for path in paths)


def path_row(row):
    length = int(row["length"])
    return tuple(FACTS[row[f"fact{step}"]] for step in range(1, length + 1))


COMMANDS = {
    "list": (
        lambda items: ((it["entity"]["iri"],) for it in items),
        lambda row: (row["name"],),
    ),
    "neighbors": (
        lambda items: ((str(it["distance"]), it["entity"]["iri"]) for it in items),
        lambda row: (row["distance"], row["neighbour"]),
    ),
    "show": (show_said, show_row),
    "why": (
        why_said,
        lambda row: (row.get("through", ""), row["subject"], row["slot"], row["object"], row["status"]),
    ),
    "common": (common_said, lambda row: (row["kind"], row["shared"])),
    "targets": (
        targets_said,
        lambda row: (row["target"], row["slot"], number(row.get("number")), row.get("unit", ""), row.get("due", ""), row["status"]),
    ),
    "timeline": (
        lambda items: ((it["date"]["value"], it["kind"], it["entity"]["iri"], it["fact"]["slot"]["iri"], it["fact"]["status"]) for it in items),
        lambda row: (row["date"], row["kind"], row["entity"], row["slot"], row["status"]),
    ),
    "numbers": (
        numbers_said,
        lambda row: (row["entity"], row["slot"], number(row["number"]), row.get("unit", ""), row.get("comparator", "").rsplit("#")[-1], row.get("when", ""), row["status"]),
    ),
    "stats": (stats_said, lambda row: (row["kind"], row["what"], int(row["count"]))),
    "path": (path_said, path_row),
}


def cases():
    """Command lines, and the engines that are asked."""
    both = list(ENGINES)
    slugs = sorted(it["entity"]["id"] for it in json.loads(run(["list", "Organization", "--format", "json"])))
    everything = sorted(iri.removeprefix(PREFIXES["cy"]) for iri in ENTITIES)
    classes = sorted({it["id"] for it in json.loads(run(["stats", "--format", "json"])) if it["kind"] == "class"})
    some = lambda what, count: chance.sample(what, count)
    yield from ((["show", it], both) for it in some(everything, 30))
    yield from ((["list", it], both) for it in some(classes, 15))
    for where in ["signatory=cq-drc", "deadline", "start_date=2024-11", "value=50项", "attendance_kind=主持"]:
        yield ["list", {"s": "Agreement", "d": "Provision", "v": "Observation", "a": "Attendance"}[where[0]] if where != "start_date=2024-11" else "Meeting", "--where", where], both
    for it in some(everything, 20):
        yield ["neighbors", it], both
        yield ["neighbors", it, "--depth", "2", "--direction", chance.choice(["in", "out", "both"])], both[:1]
        yield ["neighbors", it, "--depth", "3", "--class", chance.choice(classes)], both[:1]
    pairs = [("jinfeng-laboratory", "tianfu-jincheng-laboratory"), ("cq-drc", "cd-drc"), ("chengdu", "chongqing")]
    pairs += [some(slugs, 2) for _ in range(20)]
    for one, other in pairs:
        yield ["why", one, other], both
        yield ["common", one, other], both
    for at, (one, other) in enumerate([("cq-drc", "cq-drc"), *pairs] + [some(everything, 2) for _ in range(20)]):
        # Long ways take rdflib long.
        yield ["path", one, other, "--limit", "1000"], both if at < 4 else both[:1]
    for one, other in [some(everything, 2) for _ in range(5)]:
        ways = ["path", one, other, "--all", "--max-length", "3"]
        yield ways, both[:1]
        yield ways + ["--avoid", "chengdu", "--avoid", "chongqing"], both[:1]
        yield ways + ["--via", "chengdu"], both[:1]
    yield ["path", "cq-drc", "cd-drc", "--all", "--max-length", "2"], both
    dates = ["2024", "2024-11", "2024-11-25", "2025", "2025-12-30", "2026", "2027-12-31"]
    for command, start, end in [("timeline", "--from", "--to"), ("targets", "--due-after", "--due-before")]:
        yield [command], both
        # rdflib takes a quarter of a minute for targets.
        engines = both if command == "timeline" else both[:1]
        for date in dates:
            yield [command, start, date], engines
            yield [command, end, date], engines
        yield [command, "--class", "Target"], engines
        yield [command, "--class", "Plan", "--class", "Observation"], engines
    yield from ((["targets", "--status", it], both[:1]) for it in ["target", "required", "planned"])
    yield ["targets", "--due-before", "2027-12-31", "--status", "target"], both
    yield from ((["numbers", "--unit", it], both) for it in ["亿元", "元", "家", "项", "万人次", ""])
    yield ["numbers"], both
    yield ["numbers", "--class", "Observation"], both
    yield ["stats"], both
    yield ["stats", "--hubs", "25"], both


compared = {name: 0 for name in ENGINES}
filled = {name: 0 for name in COMMANDS}
for arguments, engines in cases():
    said, read = COMMANDS[arguments[0]]
    text = run([*arguments, "--format", "json"])
    answer = sorted(map(repr, said(json.loads(text)))) if text.strip() else []
    if "--limit" in arguments:
        arguments = arguments[: arguments.index("--limit")]
    if arguments[0] == "path" and "--all" not in arguments and any(path["length"] > 8 for path in json.loads(text)):
        refused = subprocess.run([tupu, *arguments, "--sparql"], capture_output=True, encoding="utf-8")
        assert refused.returncode == 2 and "at most 8 steps" in refused.stderr, arguments
        continue
    query = run([*arguments, "--sparql"])
    for engine in engines:
        rows = sorted(repr(read(row)) for row in ENGINES[engine](query))
        assert rows == answer, f"{arguments} in {engine}\ntupu: {answer!s:.1200}\n{engine}: {rows!s:.1200}\n{query}"
        compared[engine] += 1
    filled[arguments[0]] += bool(answer)
assert all(filled.values()), f"nothing to compare: {filled}"
print("queries of --sparql: " + ", ".join(f"{count} in {name}" for name, count in compared.items()) + ": the rows of the answers")
