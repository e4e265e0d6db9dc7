"""Reads the tables that `tupu export` wrote with kgx, pandas, networkx, igraph and pyarrow.

analysis.py FOLDER CONTEXT.jsonld NODES EDGES: all of them must find so many nodes and edges, and the same values.
"""

import collections
import csv
import datetime
import json
import pathlib
import sys

import biolink_model
import bmt.toolkit
import igraph
import networkx
import pandas
import pyarrow.parquet

folder = pathlib.Path(sys.argv[1])
prefixes = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))["@context"]
counts = int(sys.argv[3]), int(sys.argv[4])
TARGET = "cy:tt-target-rd-spending"
SIGNED = {"cy:cq-drc", "cy:cd-drc", "cy:cq-trading-centre", "cy:cd-trading-centre"}


def same(what, found, expected):
    assert found == expected, f"{what}: {found}, expected {expected}"


def say(what):
    print(f"{what}: {counts[0]} nodes, {counts[1]} edges")


def lines(name):
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]


# KGX asks the network for the Biolink Model when it is imported; a package has it too.
model = pathlib.Path(biolink_model.__path__[0]) / "schema" / "biolink_model.yaml"
bmt.toolkit.Toolkit.__init__.__defaults__ = (str(model), {"predicate mappings": []})
import kgx.config  # noqa: E402

context = {name: iri for name, iri in prefixes.items() if isinstance(iri, str) and not name.startswith("@")}
context["biolink"] = "https://w3id.org/biolink/vocab/"
for name in ("biolink", "monarch_context", "obo_context"):
    kgx.config.jsonld_context_map[name] = context

from kgx.transformer import Transformer  # noqa: E402
from kgx.validator import Validator  # noqa: E402

nodes, edges = lines("chengyu_nodes.jsonl"), lines("chengyu_edges.jsonl")
same("JSON Lines", (len(nodes), len(edges)), counts)
by_id = {node["id"]: node for node in nodes}
edge_by_id = {edge["id"]: edge for edge in edges}
same("ids", (len(by_id), len(edge_by_id)), counts)
target = by_id[TARGET]
same("number", (target["value_value"], target["value_unit"]), (180_000_000_000, "元"))
same("date", (target["deadline"], target["deadline_latest"]), ("2027", "2027-12-31"))
signed = [it for it in edges if it["subject"] == "cy:bid-agreement" and it["relation"] == "cyo:signatory"]
same("signatories", {it["object"] for it in signed}, SIGNED)
assert all(it["position"][0].startswith("char=") and it["source_document"] == ["cy:page"] for it in signed)
assert any(it["status"] == "planned" for it in edges) and any(it["inferred"] for it in edges)

# KGX: the graph, and what its validator has to say.
for ending in ("tsv", "jsonl"):
    transformer = Transformer(stream=False)
    names = [str(folder / f"chengyu_{part}.{ending}") for part in ("nodes", "edges")]
    transformer.transform({"filename": names, "format": ending})
    graph = transformer.store.graph
    same(f"kgx {ending}", (graph.number_of_nodes(), graph.number_of_edges()), counts)
    found = dict(graph.nodes(data=True))
    for node in nodes:
        read = found[node["id"]]
        same(node["id"], read["name"], node["name"])
        same(node["id"], set(read["category"]), set(node["category"]))
        same(node["id"], set(read.get("synonym", [])), set(node.get("synonym", [])))
    validator = Validator()
    validator.validate(graph)
    kinds = collections.Counter()
    for of_level in validator.get_errors().values():
        for kind, messages in of_level.items():
            kinds[kind] += len(messages)
    print(f"kgx {ending}: the validator says", dict(kinds))
    # The terms of a project are none of the Biolink Model.
    assert set(kinds) <= {"INVALID_EDGE_PREDICATE", "INVALID_CATEGORY"}, kinds
    written = folder / f"again_{ending}"
    transformer.save({"filename": str(written), "format": "tsv"})
    again = pandas.read_csv(f"{written}_edges.tsv", sep="\t", dtype=str, quoting=csv.QUOTE_NONE)
    same("kgx writes", set(again["id"]), set(edge_by_id))
say("kgx")

# pandas: the TSV holds what the JSON Lines hold.
tables = [
    pandas.read_csv(folder / f"chengyu_{part}.tsv", sep="\t", dtype=str, quoting=csv.QUOTE_NONE, keep_default_na=False)
    for part in ("nodes", "edges")
]
same("pandas", tuple(len(table) for table in tables), counts)


def as_text(value):
    if isinstance(value, list):
        return "|".join(as_text(it) for it in value)
    return json.dumps(value) if isinstance(value, (bool, int, float)) else str(value)


for table, objects in zip(tables, (nodes, edges)):
    for row, value in zip(table.to_dict("records"), objects):
        expected = {key: as_text(it).replace("\n", " ") for key, it in value.items() if it != ""}
        same(value["id"], {key: it for key, it in row.items() if it != ""}, expected)
edge_list = pandas.read_csv(folder / "chengyu_edges.csv")
same("edge list", len(edge_list), counts[1])
same("types", (edge_list["inferred"].dtype.kind, edge_list["id"].is_unique), ("b", True))
say("pandas")

# networkx: GraphML with types, and the edge list.
graph = networkx.read_graphml(folder / "chengyu.graphml", force_multigraph=True)
same("networkx", (graph.number_of_nodes(), graph.number_of_edges()), counts)
assert graph.is_directed()
same("number", graph.nodes[TARGET]["value_value"], 180_000_000_000.0)
for edge_id, edge in edge_by_id.items():
    data = graph.edges[edge["subject"], edge["object"], edge_id]
    same(edge_id, (data["predicate"], data["inferred"]), (edge["predicate"], edge["inferred"]))
listed = networkx.from_pandas_edgelist(
    edge_list, edge_attr=True, edge_key="id", create_using=networkx.MultiDiGraph
)
same("networkx", set(listed.edges(keys=True)), set(graph.edges(keys=True)))
say("networkx")
graph = igraph.Graph.Read_GraphML(str(folder / "chengyu.graphml"))
same("igraph", (graph.vcount(), graph.ecount()), counts)
same("igraph", graph.vs.find(id=TARGET)["value_value"], 180_000_000_000.0)
say("igraph")

# pyarrow: typed columns, and the same values as the CSV.
read = {part: pyarrow.parquet.read_table(folder / f"chengyu_{part}.parquet") for part in ("nodes", "edges", "triples")}
same("pyarrow", (read["nodes"].num_rows, read["edges"].num_rows), counts)
with open(folder / "chengyu_neo4j_relationships.csv", newline="", encoding="utf-8") as file:
    for row, value in zip(csv.reader(file), [read["edges"].column_names, *zip(*read["edges"].to_pydict().values())]):
        if row[0] == ":START_ID":
            continue
        texts = [";".join(it) if isinstance(it, list) else as_text("" if it is None else it) for it in value]
        same(row[3], texts, row)
rows = {row["id"]: row for row in read["nodes"].to_pylist()}
same("date", rows[TARGET]["deadline_latest"], datetime.date(2027, 12, 31))
same("number", rows[TARGET]["value_value"], 180_000_000_000.0)
for node in nodes:
    same(node["id"], rows[node["id"]]["synonym"] or [], node.get("synonym", []))
triples = sum(1 for _ in open(folder / "chengyu.nt", encoding="utf-8"))
same("triples", read["triples"].num_rows, triples)
print(f"pyarrow: {counts[0]} nodes, {counts[1]} edges, {triples} triples")
