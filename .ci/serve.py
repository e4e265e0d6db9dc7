"""Asks `tupu serve` as its users do, and holds the answers to those of `tupu query` and `tupu export`."""

import atexit
import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import rdflib
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper

program = sys.argv[1]
server = subprocess.Popen(
    [program, "serve", "--address", "127.0.0.1:0", "--quiet", "--timeout", "5"],
    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
)
atexit.register(server.kill)
address = re.search(r"http://[^/]*", server.stderr.readline()).group()
endpoint = address + "/sparql"


def told(*arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def questions():
    """The named queries that need no value but a language, as `tupu query` asks them."""
    for query in json.loads(told("query", "--list", "--format", "json")):
        others = [it for it in query["parameters"] if it["name"] != "lang"]
        if all(it["optional"] for it in others):
            name = query["name"]
            lines = open(f"data/queries/{name}.rq", encoding="utf-8").read().splitlines()
            # SPARQLWrapper takes words of remarks for keywords.
            text = "\n".join(line for line in lines if not line.startswith("#"))
            yield name, re.sub(r"\?lang\b", '"zh"', text)


def key(rows):
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)


# By each way to send them.
asked = 0
for name, text in questions():
    wanted = key(json.loads(told("query", name, "--format", "json"))["results"]["bindings"])
    for method in ("GET", POST):
        client = SPARQLWrapper(endpoint)
        client.setQuery(text)
        client.setMethod(method)
        client.setReturnFormat(JSON)
        found = key(client.queryAndConvert()["results"]["bindings"])
        assert found == wanted and wanted, name
    asked += 1
assert asked >= 10, asked

# Formats of SPARQLWrapper.
client = SPARQLWrapper(endpoint)
client.setQuery("SELECT ?s { ?s a schema:City } ORDER BY ?s")
client.setReturnFormat(CSV)
assert client.queryAndConvert().decode().splitlines()[0] == "s"
client.setReturnFormat(XML)
assert len(client.queryAndConvert().getElementsByTagName("result")) == 3
client.setQuery("CONSTRUCT { ?s a ?c } { ?s a ?c }")
client.setReturnFormat(TURTLE)
assert len(rdflib.Graph().parse(client.queryAndConvert(), format="turtle")) > 700

# The whole graph through rdflib's store, and by the Graph Store Protocol.
everything = rdflib.Graph().parse("out/chengyu.ttl", format="turtle")
store = rdflib.Graph(SPARQLStore(endpoint))
assert len(store) == len(everything), (len(store), len(everything))
city = rdflib.URIRef("https://w3id.org/tupu/chengyu/chengdu")
assert set(store.predicate_objects(city)) == set(everything.predicate_objects(city))
whole = rdflib.Graph().parse(address + "/store?default", format="turtle")
assert isomorphic(whole, everything)

# Every entity has a page, and its triples are those of the graph.
entities = sorted({s for s in everything.subjects(rdflib.RDFS.label) if "." not in s.rsplit("/", 1)[1]})
assert len(entities) > 700
for entity in entities:
    path = urllib.parse.urlsplit(entity).path
    request = urllib.request.Request(address + path, headers={"Accept": "text/html"})
    page = urllib.request.urlopen(request).read().decode()
    assert entity in page and "<h1>" in page, entity
for entity in entities[::40]:
    request = address + urllib.parse.urlsplit(entity).path
    for syntax, accept in [("turtle", "text/turtle"), ("json-ld", "application/ld+json"), ("nt", "application/n-triples")]:
        body = urllib.request.urlopen(urllib.request.Request(request, headers={"Accept": accept})).read()
        found = set(rdflib.Graph().parse(body, format=syntax))
        wanted = set(everything.triples((entity, None, None))) | set(everything.triples((None, None, entity)))
        assert wanted <= found and found <= set(everything), entity

# Clients that send slowly, or take no answer, are cut off and keep nobody waiting.
host, port = address.removeprefix("http://").split(":")
slow = [socket.create_connection((host, int(port))) for _ in range(20)]
for client in slow[:10]:
    client.sendall(b"GET / HT")
for client in slow[10:]:
    client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nA")
deaf = socket.create_connection((host, int(port)))
deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
deaf.sendall(b"GET /store?default HTTP/1.1\r\nHost: x\r\nAccept: application/n-triples\r\n\r\n" * 4)
start = time.monotonic()
urllib.request.urlopen(address + "/").read()
assert time.monotonic() - start < 2
for client in slow:
    client.settimeout(20)
    answer = client.recv(1000)
    assert answer == b"" or b" 408 " in answer, answer
assert time.monotonic() - start < 20

server.send_signal(signal.SIGTERM)
assert server.wait(30) == 0
print(f"{asked} named queries by SPARQLWrapper, {len(everything)} triples by rdflib's store, {len(entities)} pages")
