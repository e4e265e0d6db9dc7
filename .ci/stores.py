"""Fills real triple stores on loopback with `tupu push`, and holds what they hold and answer against tupu.

stores.py TUPU TOOLS: the program, and the folder with what `.ci/stores` installed.

Each store is filled, verified in full, and asked every query of data/queries, to which it has to give
the rows of `tupu query`. Faults that are seeded in it by SPARQL Update have to be named by `tupu verify`.
A server that is killed in the middle of a push has to be filled by the next push from where it was.
Nothing that is started here outlives this program.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

TUPU, TOOLS = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
GRAPH = "https://kg.example/graph"

# Parameters that queries need, or are asked with once more.
SETTINGS = {
    "bodies-of-place": [["place=重庆"], ["place=chengdu"]],
    "class-counts": [[], ["least=20"]],
    "common-agreements": [["body=重庆市发展改革委", "other=cd-drc"]],
    "evidence": [["subject=lab-agreement"], ["subject=lab-agreement", "object=金凤实验室"]],
    "names": [["entity=双核联动联建第三次会议"], ["entity=chengdu"]],
    "passage-facts": [["start=3866", "end=4062"]],
    "provisions": [["document=finance-plan"]],
    "signatories": [[], ["lang=en"]],
    "targets-due": [[], ["before=2030-12-31"]],
    "timeline": [[], ["from=2027-01-01", "to=2027-12-31"]],
}

# Queries that Virtuoso 7.2.5 answers wrongly, and what has to be written for it instead. Both are faults of
# its plans: the same filters alone give the right rows.
BY_VALUE = ("?latest <=", "xsd:date(?latest) <=")  # <= of dates may lose rows where an index is walked
BY_LANGUAGE = (  # a filter by LANG() loses all rows beside a path with *
    'FILTER((LANG(?name) = "zh"))',
    'BIND(LANG(?name) AS ?tag) FILTER(?tag = "zh")',
)
VIRTUOSO = {"targets-due": BY_VALUE, "timeline": BY_VALUE, "bodies-of-place": BY_LANGUAGE}

# Columns of words that GROUP_CONCAT puts together, for which the standard promises no order.
UNORDERED = {"laboratory-fields": ("fields", "; ")}

# What is done to a store, and what verify says then.
FAULTS = [
    (
        "a triple less",
        "DELETE { ?s cyo:signatory cy:cq-drc } WHERE { ?s cyo:signatory cy:cq-drc FILTER(?s = cy:bid-agreement) }",
        "missing: cy:bid-agreement cyo:signatory cy:cq-drc",
    ),
    (
        "another language",
        "DELETE { ?s rdfs:label ?old } INSERT { ?s rdfs:label ?new } WHERE "
        '{ ?s rdfs:label ?old FILTER(?s = cy:chengdu && LANG(?old) = "zh") BIND(STRLANG(STR(?old), "ja") AS ?new) }',
        "missing: cy:chengdu rdfs:label ",
    ),
    (
        "another datatype",
        "DELETE { ?s cyo:startDateLatest ?old } INSERT { ?s cyo:startDateLatest ?new } WHERE "
        "{ ?s cyo:startDateLatest ?old BIND(STR(?old) AS ?new) }",
        "literals of xsd:date: 7 missing",
    ),
]


def say(text):
    print(text, flush=True)


def run(*arguments, code=0, auth=None):
    """Runs tupu; gives standard output and error."""
    environment = {key: value for key, value in os.environ.items() if key != "TUPU_STORE_AUTH"}
    if auth:
        environment["TUPU_STORE_AUTH"] = auth
    done = subprocess.run([TUPU, *arguments], capture_output=True, encoding="utf-8", env=environment)
    assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout[:2000]}\n{done.stderr}"
    return done.stdout, done.stderr


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Process:
    """A server of its own process group, which dies with this program."""

    def __init__(self, command, port, log, folder=None):
        self.port, self.log = port, log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder, start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                sys.exit(f"{command[0]} does not start:\n{pathlib.Path(log).read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.kill()


class Store:
    """What is the same for all stores; a store says how it starts and where it is asked."""

    auth = None
    graph = None
    query_path = ""
    update_path = ""
    instead = {}

    def __init__(self, folder):
        self.folder = folder / self.name
        self.folder.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.server = None

    def start(self):
        self.server = Process(self.command(), self.port, self.folder / "log", self.folder)

    def stop(self):
        if self.server:
            self.server.stop()

    def options(self, *more, url=None):
        named = ["--graph-iri", self.graph] if self.graph else []
        return [url or self.url, "--profile", self.profile, *named, *more]

    def push(self, *more):
        return run("push", *self.options(*more), auth=self.auth)

    def verify(self, *more, code=0):
        return run("verify", *self.options(*more), auth=self.auth, code=code)

    def ask(self, query):
        body = urllib.parse.urlencode({"query": query}).encode()
        headers = {"Accept": "application/sparql-results+json"}
        request = urllib.request.Request(self.url + self.query_path, body, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["results"]["bindings"]

    def update(self, update):
        headers = {"Content-Type": "application/sparql-update"}
        request = urllib.request.Request(self.url + self.update_path, update.encode(), headers)
        urllib.request.urlopen(request, timeout=120).close()


class Oxigraph(Store):
    name = profile = "oxigraph"
    query_path, update_path = "/query", "/update"

    def command(self):
        bind = f"127.0.0.1:{self.port}"
        return [TOOLS / "python/bin/oxigraph", "serve", "--location", self.folder / "data", "--bind", bind]


class Virtuoso(Store):
    name = profile = "virtuoso"
    query_path = "/sparql"
    graph = GRAPH
    auth = "digest dba:dba"
    instead = VIRTUOSO

    def command(self):
        self.sql = free_port()
        (self.folder / "virtuoso.ini").write_text(f"""
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso-errors.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{self.sql}
DisableUnixSocket = 1
DirsAllowed = .
NumberOfBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{self.port}
ServerRoot = .
[SPARQL]
ResultSetMaxRows = 1000000
""")
        return ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]

    def ask(self, query):
        # It has no default graph.
        return super().ask(query.replace(" WHERE {", f" FROM <{GRAPH}> WHERE {{", 1))

    def update(self, update):
        prologue, update = re.fullmatch(r"((?:PREFIX.*\n)*)(.*)", update).groups()
        prologue = prologue.replace("\n", " ")
        text = f"exec=SPARQL {prologue}WITH <{GRAPH}> {update};"
        isql = ["isql-vt", f"127.0.0.1:{self.sql}", "dba", "dba", "CHARSET=UTF-8", text]
        done = subprocess.run(isql, capture_output=True, encoding="utf-8")
        assert "Error" not in done.stdout + done.stderr, done.stdout + done.stderr


class Rdflib(Store):
    """rdflib behind rdflib-endpoint, which loads a file as it starts."""

    name, profile = "rdflib", "sparql"
    query_path = "/"

    def __init__(self, folder):
        super().__init__(folder)
        self.file = folder / "graph.ttl"

    def command(self):
        return [TOOLS / "python/bin/rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", self.port, self.file]


class Comunica(Store):
    """Comunica over a file; its own server listens on every address, so `stores.cjs` stands in for it."""

    name, profile = "comunica", "sparql"

    def __init__(self, folder):
        super().__init__(folder)
        self.file = folder / "graph.ttl"

    def command(self):
        script = pathlib.Path(".ci/stores.cjs").resolve()
        return ["node", script, TOOLS / "js/node_modules", self.port, self.file]


class Jena(Store):
    """TDB2, which has no server here: loaded and dumped by its own tools, asked in one virtual machine."""

    name = "jena"

    def __init__(self, folder):
        super().__init__(folder)
        self.classes = (TOOLS / "jena.classpath").read_text().strip()

    def tool(self, name, *arguments):
        command = ["java", "-cp", self.classes, name, "--loc", self.folder / "data", *arguments]
        done = subprocess.run(command, capture_output=True)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout

    def load(self, file):
        """Loads the file, and gives what is there afterwards as N-Quads."""
        self.tool("tdb2.tdbloader", file)
        return self.tool("tdb2.tdbdump")

    def start(self):
        import jpype

        jpype.startJVM("-Xmx1g", classpath=self.classes.split(":"), convertStrings=True)
        self.tdb = jpype.JPackage("org.apache.jena.tdb2").TDB2Factory.connectDataset(str(self.folder / "data"))
        self.query = jpype.JPackage("org.apache.jena.query")
        self.bytes = jpype.JClass("java.io.ByteArrayOutputStream")

    def ask(self, query):
        self.tdb.begin(self.query.ReadWrite.READ)
        try:
            out = self.bytes()
            execution = self.query.QueryExecutionFactory.create(query, self.tdb)
            self.query.ResultSetFormatter.outputAsJSON(out, execution.execSelect())
            return json.loads(bytes(out.toByteArray()))["results"]["bindings"]
        finally:
            self.tdb.end()


def asked():
    """Each query with its settings, as tupu prints it for stores, and its rows as tupu gives them."""
    names = sorted(path.stem for path in pathlib.Path("data/queries").glob("*.rq"))
    assert len(names) >= 27
    for name in names:
        for settings in SETTINGS.get(name, [[]]):
            options = [word for setting in settings for word in ("--set", setting)]
            printed, _ = run("query", name, *options, "--sparql")
            rows, _ = run("query", name, *options, "--format", "json")
            rows = json.loads(rows)["results"]["bindings"]
            assert rows, name
            yield name, settings, printed, rows


def row(binding):
    """A row in one way of writing results as JSON."""
    terms = {}
    for name, term in binding.items():
        term = dict(term)
        if term["type"] == "typed-literal":
            term["type"] = "literal"
        if term.get("datatype", "").endswith("#string"):
            del term["datatype"]
        terms[name] = term
    return json.dumps(terms, sort_keys=True, ensure_ascii=False)


def compare(store, questions):
    instead = set()
    for name, settings, query, expected in questions:
        if name in store.instead:
            old, new = store.instead[name]
            assert old in query, f"{store.name}: {name} needs no rewriting\n{query}"
            query = query.replace(old, new)
            instead.add(name)
        try:
            found = store.ask(query)
        except urllib.error.HTTPError as error:
            sys.exit(f"{store.name}: {name}: {error.code} {error.read(500).decode(errors='replace')}")
        if name in UNORDERED:
            column, separator = UNORDERED[name]
            for term in [it[column] for it in expected + found if column in it]:
                term["value"] = separator.join(sorted(term["value"].split(separator)))
        # Sorted, since rows that are equal in ORDER BY come in any order; what it orders is compared below.
        ours, theirs = sorted(map(row, expected)), sorted(map(row, found))
        assert ours == theirs, f"{store.name}: {name} {settings}\n{query}\ntupu: {ours}\nstore: {theirs}"
        ordered = re.search(r"\nORDER BY ASC\(\?(\w+)\)", query)
        if ordered:
            first = [[it.get(ordered[1], {}).get("value") for it in rows] for rows in (expected, found)]
            assert first[0] == first[1], f"{store.name}: {name} {settings}: another order\n{first}"
    rewritten = f", {', '.join(sorted(instead))} rewritten for it" if instead else ""
    say(f"{store.name}: {len(questions)} queries, the rows of tupu query{rewritten}")


def named_graphs(store):
    """The facts of each article in a graph of its own."""
    store.push("--provenance", "graphs", "--no-verify")
    _, said = store.verify("--provenance", "graphs", "--full")
    assert "in 12 graphs" in said, said
    say(said.strip().splitlines()[0])


def seeded(store):
    """Seeds one fault after the other; each is named, and gone after another push."""
    prefixes = re.findall(r"@prefix (cy|cyo|rdfs): <(.*)> \.", (store.folder.parent / "graph.ttl").read_text())
    prologue = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes)
    for name, update, words in FAULTS:
        store.update(prologue + update)
        found, _ = store.verify("--full", code=1)
        assert words in found, f"{store.name}: {name} is not named\n{found}"
        say(f"{store.name}: {name}: {next(line for line in found.splitlines() if words in line)}")
        store.push("--no-verify")
    store.verify("--full")


class Gate:
    """Lets connections through to a store, and kills the store at the beginning of one."""

    def __init__(self, store, deadly):
        self.store, self.left = store, deadly
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.listen, daemon=True).start()

    def accept(self):
        return self.listener.accept()[0]

    def listen(self):
        while True:
            client = self.accept()
            self.left -= 1
            if self.left == 0:
                self.store.server.kill()
            try:
                server = socket.create_connection(("127.0.0.1", self.store.port))
            except OSError:
                client.close()
                continue
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=pipe, args=(one, other), daemon=True).start()


def pipe(one, other):
    with contextlib.suppress(OSError):
        while data := one.recv(1 << 16):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


def killed(store, deadly):
    """Kills the server at one of the requests of a push, and starts it again."""
    gate = Gate(store, deadly)
    journal = store.folder / "sent.json"
    push = ["push", *store.options("--batch", "2000", "--resume", str(journal), url=gate.url)]
    _, said = run(*push, auth=store.auth, code=2)
    assert re.search(r"only \d+ triples were written, which is not all", said), said
    say(f"{store.name}: {said.strip().replace(gate.url, 'URL')}")
    store.start()
    _, said = run(*push, auth=store.auth)
    assert "were sent before" in said and "verified: " in said and not journal.exists(), said
    say(f"{store.name}: {said.splitlines()[0].replace(gate.url, 'URL')}; the rest was sent, and all verified")
    store.verify("--full")


class TlsGate(Gate):
    """The same by https, with a certificate of an authority that nobody knows."""

    def __init__(self, store):
        folder = store.folder
        name = ["-days", "1", "-subj", "/CN=localhost"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl("req", "-x509", *key, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", *name)
        openssl("req", *key, "-keyout", folder / "key", "-out", folder / "csr", "-subj", "/CN=localhost")
        (folder / "ext").write_text("subjectAltName = IP:127.0.0.1\nbasicConstraints = CA:FALSE\n")
        signed = ["-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-extfile", folder / "ext", "-days", "1"]
        openssl("x509", "-req", "-in", folder / "csr", "-out", folder / "pem", *signed)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "pem", folder / "key")
        super().__init__(store, deadly=-1)
        self.url = self.url.replace("http:", "https:")

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            with contextlib.suppress(OSError):
                return self.context.wrap_socket(client, server_side=True)


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def secure(store):
    """By https only with the authority that signed the store's certificate."""
    gate = TlsGate(store)
    verify = ["verify", *store.options(url=gate.url)]
    _, said = run(*verify, code=2)
    assert "no secure connection: invalid peer certificate" in said, said
    run(*verify, "--ca-file", str(store.folder / "ca.pem"))
    say(f"{store.name}: by https with --ca-file; without: {said.strip().rsplit(': ', 1)[-1]}")


def read_by_rdflib(store, triples):
    """rdflib's own client of SPARQL reads what tupu wrote."""
    counted = (
        "import sys, rdflib; from rdflib.plugins.stores.sparqlstore import SPARQLStore; "
        "print(len(rdflib.Graph(SPARQLStore(sys.argv[1]))))"
    )
    command = [TOOLS / "python/bin/python", "-c", counted, store.url + store.query_path]
    found = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert int(found) == triples, found
    say(f"rdflib's SPARQLStore counts {triples} triples in {store.name}")


def lap(store, begin):
    say(f"{store.name}: {time.monotonic() - begin:.0f} s")


def main():
    questions = list(asked())
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        scratch = pathlib.Path(scratch)
        _, said = run("export", "-o", str(scratch / "graph.ttl"))
        triples = int(re.search(r"(\d+) triples", said)[1])

        def started(make):
            store = make(scratch)
            stack.callback(store.stop)
            store.start()
            return store

        for make, deadly in ((Oxigraph, 6), (Virtuoso, 12)):
            begin = time.monotonic()
            store = started(make)
            store.push()
            say(store.verify("--full")[1].strip())
            compare(store, questions)
            seeded(store)
            if make is Oxigraph:
                read_by_rdflib(store, triples)
                secure(store)
            named_graphs(store)
            killed(store, deadly)
            store.stop()
            lap(store, begin)

        for make in (Rdflib, Comunica):
            begin = time.monotonic()
            store = started(make)
            say(store.verify("--sample", "100")[1].strip())
            compare(store, questions)
            store.stop()
            lap(store, begin)

        begin = time.monotonic()
        store = Jena(scratch)
        (scratch / "dump.nq").write_bytes(store.load(scratch / "graph.ttl"))
        say(run("verify", str(scratch / "dump.nq"), "--full")[1].strip().replace(str(scratch), "jena"))
        store.start()
        compare(store, questions)
        lap(store, begin)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
