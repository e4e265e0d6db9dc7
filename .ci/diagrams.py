"""Holds DOT and GraphML files to the Cytoscape JSON of the same figure: diagrams.py FIGURE.cyjs...

All is well if Graphviz draws every label of it, line by line, and in its SVG nothing that is not text,
and if networkx finds the same nodes, edges and attributes.
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import networkx

SVG = "{http://www.w3.org/2000/svg}"


def shown(text, controls="[\x00-\x09\x0b-\x1f\x7f-\x9f]"):
    """The lines of a label, as a syntax shows them that has no control characters."""
    lines = re.sub(controls, "\ufffd", text).split("\n")
    return [" ".join(line.split()) for line in lines if line.strip()]


def drawn(element):
    texts = [op["text"] for op in element.get("_ldraw_", []) if op["op"] == "T"]
    return [line for text in texts for line in shown(text)]


def run_dot(path, output):
    found = subprocess.run(["dot", f"-T{output}", path], capture_output=True, check=True)
    assert not found.stderr or b"onvert" in found.stderr or b"ize" in found.stderr, found.stderr.decode()
    return found.stdout.decode()


def check_dot(path, nodes, clusters, edges):
    document = json.loads(run_dot(path, "json"))
    objects = {it["name"]: it for it in document.get("objects", [])}
    for node in nodes:
        assert drawn(objects[node["id"]]) == shown(node["label"]), (path, node["id"], drawn(objects[node["id"]]))
    for cluster in clusters:
        if not any(cluster["id"] == it.get("parent") for it in nodes + clusters):
            continue  # Graphviz draws no empty cluster.
        found = drawn(objects["cluster_" + cluster["id"].removeprefix("cluster:")])
        assert found == shown(cluster["label"]), (path, cluster["id"], found)
    found = {it["id"]: it for it in document.get("edges", []) if "id" in it}
    for edge in edges:
        name = document["name"] + "-" + edge["id"].removeprefix("edge:")
        assert drawn(found[name]) == shown(edge["label"]), (path, name, drawn(found[name]))
    assert len(found) == len(edges), path
    svg = ElementTree.fromstring(run_dot(path, "svg"))
    tags = collections.Counter(it.tag.removeprefix(SVG) for it in svg.iter())
    drawings = {"svg", "g", "title", "text", "a", "polygon", "polyline", "path", "ellipse"}
    assert set(tags) <= drawings, (path, tags)
    links = [it.get("{http://www.w3.org/1999/xlink}href") for it in svg.iter(SVG + "a")]
    expected = sum("href" in it for it in nodes)
    assert len([it for it in links if it]) >= expected, (path, links)
    assert all(re.fullmatch("https://[!-~]+", it) for it in links if it), (path, links)


def check_graphml(path, nodes, edges):
    graph = networkx.read_graphml(path, force_multigraph=True)
    assert graph.number_of_nodes() == len(nodes) and graph.number_of_edges() == len(edges), path

    def legal(text):
        return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)

    attributes = 0
    for node in nodes:
        found = graph.nodes[node["id"]]
        expected = {key: node[key] for key in ("name", "class", "class_label", "iri")}
        expected |= {key: "; ".join(value) for key, value in node.items() if key.startswith("detail_")}
        expected["label"] = node["name"]
        expected["url"] = node.get("href", "")
        expected["description"] = node.get("tooltip", "")
        for key, value in expected.items():
            assert found.get(key, "") == legal(value), (path, node["id"], key, found.get(key), value)
        assert ("cluster" in found) == ("parent" in node), (path, node["id"])
        assert all(0 <= found[key] <= 255 for key in "rgb"), (path, node["id"])
        attributes += len(found)
    by_id = {key: data for _, _, key, data in graph.edges(keys=True, data=True)}
    for edge in edges:
        found = by_id[edge["id"].removeprefix("edge:")]
        for key in ("label", "slot", "interaction", "status", "line"):
            assert found.get(key, "") == legal(edge[key]), (path, edge["id"], key)
        assert found["symmetric"] is edge["symmetric"], (path, edge["id"])
        attributes += len(found)
    return attributes


assert sys.argv[1:], "no figures"
for name in sys.argv[1:]:
    path = pathlib.Path(name)
    elements = json.loads(path.read_text(encoding="utf-8"))["elements"]
    everything = [it["data"] for it in elements["nodes"]]
    nodes = [it for it in everything if not it["id"].startswith("cluster:")]
    clusters = [it for it in everything if it["id"].startswith("cluster:")]
    edges = [it["data"] for it in elements["edges"]]
    said = [f"{len(nodes)} nodes, {len(edges)} edges, {len(clusters)} clusters"]
    if path.with_suffix(".dot").exists():
        check_dot(path.with_suffix(".dot"), nodes, clusters, edges)
        said.append("as Graphviz draws them")
    if path.with_suffix(".graphml").exists():
        said.append(f"{check_graphml(path.with_suffix('.graphml'), nodes, edges)} attributes as networkx reads them")
    print(f"{path.stem}: {', '.join(said)}")
