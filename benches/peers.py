"""Times tupu, its best peer and the bound program on the same work, in turn, and prints a table in Markdown.

usage: peers.py KGBENCH WORK EDGES...          the table, see peers.sh
       peers.py KGBENCH WORK --plot FILE.svg EDGES...   how cost grows, as a figure

CPU is user and system seconds of the whole process as the kernel counts them, the median of the runs; the tools of a
row run one after the other in each round, so that a ratio compares the same minutes of the machine. What they write is
thrown away, unless the tool's name says that it goes into a file: some peers can do nothing else.
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROUNDS = 7
# Seconds after which a tool is not run once more.
PATIENCE = 20.0
INTO_A_FILE = ", into a file"
TUPU = os.path.abspath("target/release/tupu")


class Run:
    """What one process took: CPU and wall seconds, peak resident memory in MiB."""

    def __init__(self, command, out):
        begin = time.monotonic()
        with open(out, "wb") as sink:
            process = subprocess.Popen(command, shell=True, stdout=sink, stderr=subprocess.PIPE, executable="/bin/bash")
            message = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        self.peak = usage.ru_maxrss / 1024
        if process.returncode != 0:
            sys.exit(f"{command}: exit {process.returncode}\n{message.decode(errors='replace')}")


class Tool:
    """A command line and its runs."""

    def __init__(self, name, command):
        self.name, self.command, self.runs = name, command, []

    def measure(self, out):
        self.runs.append(Run("exec " + self.command, out if self.name.endswith(INTO_A_FILE) else os.devnull))

    def is_slow(self):
        return sum(run.wall for run in self.runs) > PATIENCE

    def median(self, what):
        return statistics.median(getattr(run, what) for run in self.runs)


def works(kgbench, work, edges):
    """Each work: title, unit, how many, required and aimed at (millions of units a CPU second), the tools."""
    data, out = work / str(edges), work / "out"
    meta = json.loads((data / "meta.json").read_text())
    triples = meta["triples"]
    bound, peers, python = work / "target-bounds/release", kgbench / "peers", work / "v/bin/python"
    nt, ttl = data / "kg.nt", data / "kg.ttl"
    tables = f"{data}/nodes.tsv {data}/edges.tsv"
    mapped = f"--mapping benches/kgbench.toml --provenance none {tables}"
    prefixed = f"cat <(head -n 6 {ttl}) {nt} | serdi -q -b -i turtle -o turtle -"
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s <https://w3id.org/biolink/vocab/treats> ?o }"
    (out / "count.py").write_text(
        "import sys, pyoxigraph as ox\n"
        "store = ox.Store()\n"
        "store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_TRIPLES)\n"
        "print([str(row[0]) for row in store.query(sys.argv[2])])\n"
    )
    for title, format, of_bound, required, aim in [
        ("KGX TSV → N-Triples", "ntriples", "tsv2nt", 8, 16),
        ("KGX TSV (edges shuffled) → Turtle, grouped", "turtle", "tsv2ttl2", 2, 4),
    ]:
        own, least = f"{TUPU} export {mapped} --format {format}", f"{bound}/{of_bound} {tables}"
        yield title, "triples", triples, required, aim, [
            Tool("tupu", own),
            Tool("bound", least),
            Tool("tupu" + INTO_A_FILE, own),
            Tool("maplib" + INTO_A_FILE, f"{python} {peers}/maplib_tsv.py {tables} {out}/maplib {format}"),
            Tool("bound" + INTO_A_FILE, least),
        ]
    yield "N-Triples → N-Triples", "triples", triples, 4, 9, [
        Tool("tupu", f"{TUPU} convert {nt} --to ntriples"),
        Tool("serdi", f"serdi -q -b -i ntriples -o ntriples {nt}"),
        Tool("bound", f"{bound}/nt2nt {nt}"),
    ]
    yield "N-Triples → Turtle, prefixed", "triples", triples, 4, 8, [
        Tool("tupu", f"{TUPU} convert {nt} --to turtle --prefix ex=https://example.org/kg/entity/ "
             "--prefix biolink=https://w3id.org/biolink/vocab/"),
        Tool("serdi", f"bash -c '{prefixed}'"),
        Tool("bound", f"{bound}/nt2ttl {nt}"),
    ]
    yield "Turtle → N-Triples", "triples", triples, 2.5, 5, [
        Tool("tupu", f"{TUPU} convert {ttl} --to ntriples"),
        Tool("serdi", f"serdi -q -b -i turtle -o ntriples {ttl}"),
        Tool("bound", f"{bound}/ttl2nt {ttl}"),
    ]
    yield "N-Triples → DOT", "triples", triples, 1.8, 6, [
        Tool("tupu", f"{TUPU} convert {nt} --to dot"),
        *([Tool("rdf2dot", f"{python} -m rdflib.tools.rdf2dot {nt}")] if edges <= 100_000 else []),
        Tool("bound", f"{bound}/nt2dot {nt}"),
    ]
    graph = f"--graph {data}/nodes.tsv --graph {data}/edges.tsv --mapping benches/kgbench.toml"
    yield "KGX TSV → petgraph, two steps around a node", "edges", edges, 1.5, 3, [
        Tool("tupu", f"{TUPU} neighbors EX:{meta['mid']} --depth 2 --direction out {graph} -f ndjson"),
        Tool("networkx", f"{python} {peers}/nx.py {data}/edges.tsv EX:{meta['mid']} EX:{meta['hub']}"),
        Tool("bound", f"{bound}/pg {tables} EX:{meta['mid']} EX:{meta['hub']}"),
    ]
    yield "N-Triples → graph in memory, SPARQL count", "triples", triples, 1.5, 3, [
        Tool("tupu", f"{TUPU} query --graph {nt} '{count}'"),
        Tool("pyoxigraph", f"{python} {out}/count.py {nt} '{count}'"),
    ]


def measure(tools, out):
    for _ in range(ROUNDS):
        for tool in tools:
            if not tool.is_slow():
                tool.measure(out)


def machine():
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    memory = int(open("/proc/meminfo").readline().split()[1]) / 1024**2
    return f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GiB of memory"


def table(kgbench, work, sizes):
    print(f"Measured on {machine()}, load {os.getloadavg()[0]:.0f}. M/s is millions of units (triples or edges) a CPU second.\n")
    for edges in sizes:
        print(f"**{edges:,} edges**\n")
        print("| work | tool | CPU s | wall s | peak MiB | M/s | required | aim | CPU, of tupu's |")
        print("| --- | --- | --: | --: | --: | --: | --: | --: | --: |")
        for title, _, count, required, aim, tools in works(kgbench, work, edges):
            measure(tools, work / "out/x")
            own = tools[0].median("cpu")
            for tool in tools:
                cpu = tool.median("cpu")
                goal = f"{required} | {aim}" if tool is tools[0] else " | "
                print(f"| {title} | {tool.name} | {cpu:.2f} | {tool.median('wall'):.2f} | {tool.median('peak'):.0f} "
                      f"| {count / 1e6 / max(cpu, 0.001):.2f} | {goal} | {cpu / max(own, 0.001):.1f} × |", flush=True)
                title = ""
        print()


def plot(kgbench, work, path, sizes):
    import matplotlib
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "tupu"
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(figsize=(7.5, 4.5))
    lines = {}
    for edges in sizes:
        for title, _, _, _, _, tools in works(kgbench, work, edges):
            measure(tools[:1], work / "out/x")
            lines.setdefault(title, []).append((edges, max(tools[0].median("cpu"), 0.001)))
    for title, points in lines.items():
        axes.plot(*zip(*points), marker="o", markersize=3, label=title)
    axes.set(xscale="log", yscale="log", xlabel="edges", ylabel="CPU seconds, whole process")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    for title, points in lines.items():
        print(f"| {title} | " + " | ".join(f"{cpu:.2f}" for _, cpu in points) + " |")


def main():
    kgbench, work, *rest = sys.argv[1:]
    kgbench, work = pathlib.Path(kgbench), pathlib.Path(work)
    (work / "out").mkdir(exist_ok=True)
    if rest and rest[0] == "--plot":
        plot(kgbench, work, rest[1], [int(it) for it in rest[2:]])
    else:
        table(kgbench, work, [int(it) for it in rest])


main()
