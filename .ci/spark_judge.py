"""Runs the job of docs/spark on a cluster of two workers, and holds what it writes to what one machine writes.

usage: spark_judge.py TUPU JOB FOLDER

FOLDER gets tables of a fictional graph. Of two runs of the job one has a worker killed in the middle.
"""

import gzip
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

NODES, EDGES = 6_000, 60_000
OPTIONS = ["--prefix", "EX=https://kg.example/", "--provenance", "none"]
MASTER = "local-cluster[2,1,512]"


def write_tables(folder):
    with open(folder / "nodes.tsv", "w", encoding="utf-8") as nodes:
        nodes.write("id\tcategory\tname\tdescription\n")
        for at in range(NODES):
            category = ("biolink:City", "biolink:Harbour|biolink:City", "biolink:Event")[at % 3]
            nodes.write(f"EX:{at}\t{category}\t甲市{at}\tNo. {at} of \"many\" \\ 项\n")
    with open(folder / "edges.tsv", "w", encoding="utf-8") as edges:
        edges.write("id\tsubject\tpredicate\tobject\tprimary_knowledge_source\n")
        for at in range(EDGES):
            subject, object = at % NODES, (at // NODES * 31 + at + 1) % NODES
            predicate = ("near", "supplies", "part_of")[at % 3]
            edges.write(f"E{at}\tEX:{subject}\tbiolink:{predicate}\tEX:{object}\tinfores:gazetteer\n")


def write_parquet(folder):
    """The same tables as Parquet, what has several values as a list."""
    import pyarrow
    from pyarrow import csv, parquet

    for name in ("nodes", "edges"):
        options = csv.ParseOptions(delimiter="\t", quote_char=False)
        table = csv.read_csv(folder / f"{name}.tsv", parse_options=options)
        if name == "nodes":
            categories = [it.split("|") for it in table["category"].to_pylist()]
            at = table.column_names.index("category")
            table = table.set_column(at, "category", pyarrow.array(categories))
        parquet.write_table(table, folder / f"{name}.parquet", row_group_size=1_000)


def submit(tupu, job, folder, output, nodes, edges, kills=False):
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    command = [
        str(pathlib.Path(sys.executable).parent / "spark-submit"),
        "--master", MASTER, "--conf", "spark.executor.memory=512m", "--conf", "spark.ui.enabled=false",
        "--conf", "spark.sql.files.maxPartitionBytes=500k", "--conf", "spark.sql.shuffle.partitions=4",
        str(job), "--nodes", str(nodes), "--edges", str(edges), "--output", str(output), "--tupu", tupu, "--", *OPTIONS,
    ]  # fmt: skip
    with open(folder / "spark.log", "ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    killed = kill_a_worker(process, output) if kills else None
    if process.wait(timeout=600) != 0:
        sys.exit((folder / "spark.log").read_text(errors="replace")[-4000:])
    return killed


def kill_a_worker(job, output):
    """Kills one executor while it converts: as soon as the first shard has begun."""
    begun = output / "ntriples" / "_temporary"
    while job.poll() is None:
        if begun.exists() and list(begun.rglob("part-*")):
            found = subprocess.run(["pgrep", "-f", "CoarseGrainedExecutorBackend"], capture_output=True, text=True)
            executors = [int(pid) for pid in found.stdout.split() if name_of(pid) == "java"]
            if executors:
                os.kill(executors[-1], signal.SIGKILL)
                return executors[-1]
        time.sleep(0.05)
    return None


def name_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def lines_of(shards):
    lines = []
    for shard in shards.glob("part-*.gz"):
        with gzip.open(shard, "rt", encoding="utf-8") as text:
            lines += text.read().splitlines()
    return sorted(lines)


def check_counts(tupu, folder, output, whole):
    """The same counts by Spark SQL on the Parquet and by SPARQL on the file of one machine."""
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", SPARK_LOCAL_HOSTNAME="127.0.0.1")
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    spark.read.parquet(str(output / "triples")).createOrReplaceTempView("triples")
    found = spark.sql("SELECT predicate, COUNT(*) AS n FROM triples GROUP BY predicate").collect()
    tables = [spark.read.parquet(str(output / name)).count() for name in ("nodes", "edges")]
    texts = spark.sql("SELECT COUNT(*) FROM triples WHERE text LIKE '甲市%' AND datatype LIKE '%#string'").collect()
    spark.stop()
    query = "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"
    answer = subprocess.run(
        [tupu, "query", "--graph", str(whole), "--format", "csv", query], capture_output=True, text=True, check=True
    )
    expected = dict(line.split(",") for line in answer.stdout.split()[1:])
    assert {row["predicate"]: str(row["n"]) for row in found} == expected, (found, expected)
    assert tables == [NODES, EDGES], tables
    assert texts[0][0] == NODES, texts
    return len(expected)


def main():
    tupu, job, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(folder)
    nodes, edges, whole = folder / "nodes.tsv", folder / "edges.tsv", folder / "whole.nt"
    subprocess.run([tupu, "export", nodes, edges, "--format", "ntriples", *OPTIONS, "-o", whole], check=True)
    expected = sorted(whole.read_text(encoding="utf-8").splitlines())
    begin = time.monotonic()
    submit(tupu, job, folder, folder / "calm", nodes, edges)
    assert lines_of(folder / "calm/ntriples") == expected, "two workers give other lines than one machine"
    print(f"two workers: {len(expected)} triples as one machine gives them, {time.monotonic() - begin:.0f} s")
    killed = submit(tupu, job, folder, folder / "killed", nodes, edges, kills=True)
    assert killed, "no worker was killed"
    assert lines_of(folder / "killed/ntriples") == expected, "the loss of a worker changes the result"
    print("one worker killed in the middle: the same triples")
    write_parquet(folder)
    submit(tupu, job, folder, folder / "parquet", folder / "nodes.parquet", folder / "edges.parquet")
    assert lines_of(folder / "parquet/ntriples") == expected, "Parquet gives other lines than TSV"
    print("Parquet in place of TSV: the same triples")
    predicates = check_counts(tupu, folder, folder / "killed", whole)
    print(f"Spark SQL on the Parquet and tupu query count the same of {predicates} properties")


main()
