"""Tables of nodes and edges → N-Triples in shards, and Parquet of nodes, edges and triples, on Apache Spark.

usage: spark-submit tables_to_rdf.py --nodes TABLE --edges TABLE --output FOLDER [--tupu PROGRAM] [-- OPTION...]

A table is TSV with a header line, or Parquet; a file or a folder of them, on any file system that Spark reads. The rows
of each partition go through one process of tupu. Since that converts each row by itself, it makes no difference how the
rows are cut, and a task that Spark runs again gives the same lines. OPTIONs go to `tupu export`, such as `--mapping FILE`
or `--prefix EX=IRI`; the program and the files that options name must be on every worker (`spark-submit --files`).

Writes below FOLDER: ntriples (text, gzip), nodes and edges (Parquet, by category and by predicate where those are texts), and
triples (Parquet, by predicate).
"""

import argparse
import subprocess
import sys
import threading

import pyarrow
from pyspark.sql import SparkSession, functions as f

SUBJECT = r"^(?:<([^>]*)>|(_:\S+)) "
PREDICATE = r"^\S+ <([^>]*)> "
OBJECT = r"^\S+ \S+ (?:<([^>]*)>|(_:\S+)) \.$"
LITERAL = r'^\S+ \S+ "(.*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)? \.$'
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
RDF_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
# Lines that go to Spark at once.
BATCH = 10_000


def through(command, header):
    """What turns batches of rows, each a text, into the lines that `command` prints when it reads them."""

    def transform(batches):
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            faults = []

            def feed():
                try:
                    with process.stdin as sink:
                        sink.write(header.encode())
                        for batch in batches:
                            for row in batch.column(0):
                                sink.write(row.as_py().encode() + b"\n")
                except BrokenPipeError:
                    pass  # Its exit code says why.
                except Exception as fault:  # The input ended too early, which must not look like its end.
                    faults.append(fault)
                    process.kill()

            # In a thread of its own, since the program answers before it has read all.
            feeder = threading.Thread(target=feed)
            feeder.start()
            lines = []
            for line in process.stdout:
                lines.append(line[:-1].decode())
                if len(lines) == BATCH:
                    yield as_batch(lines)
                    lines = []
            feeder.join()
        if faults:
            raise faults[0]
        if process.returncode != 0:
            raise RuntimeError(f"{command} ended with exit code {process.returncode}")
        yield as_batch(lines)

    return transform


def as_batch(lines):
    return pyarrow.RecordBatch.from_pydict({"line": pyarrow.array(lines, pyarrow.string())})


def rows(spark, path, is_parquet):
    """The rows as texts, and the line that goes before each stretch of them."""
    if is_parquet:
        table = spark.read.parquet(path)
        return table.select(f.to_json(f.struct(*table.columns)).alias("row")), ""
    lines = spark.read.text(path)
    header = lines.first()[0]
    return lines.where(f.col("value") != header), header + "\n"


def columns(spark, path, is_parquet):
    """The table with its columns."""
    if is_parquet:
        return spark.read.parquet(path)
    return spark.read.csv(path, sep="\t", header=True, quote="", escape="")


def terms(lines):
    """The terms of lines of N-Triples. What a literal holds stays escaped as it is there."""

    def part(pattern, group):
        return f.nullif(f.regexp_extract("value", pattern, group), f.lit(""))

    is_literal = f.col("value").rlike(LITERAL)
    language, datatype = part(LITERAL, 2), part(LITERAL, 3)
    of_text = f.when(language.isNotNull(), f.lit(RDF_LANG_STRING)).otherwise(f.lit(XSD_STRING))
    return lines.select(
        f.coalesce(part(SUBJECT, 1), part(SUBJECT, 2)).alias("subject"),
        part(PREDICATE, 1).alias("predicate"),
        f.coalesce(part(OBJECT, 1), part(OBJECT, 2)).alias("object"),
        f.when(is_literal, f.regexp_extract("value", LITERAL, 1)).alias("text"),
        f.when(is_literal, language).alias("language"),
        f.when(is_literal, f.coalesce(datatype, of_text)).alias("datatype"),
    )


def arguments(given):
    options = []
    if "--" in given:
        at = given.index("--")
        given, options = given[:at], given[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nodes", required=True)
    parser.add_argument("--edges", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--tupu", default="tupu", help="the program, as the workers find it")
    return parser.parse_args(given), options


def main():
    given, options = arguments(sys.argv[1:])
    spark = SparkSession.builder.appName("tables to RDF").getOrCreate()
    command = [given.tupu, "export", "-", "--format", "ntriples", *options]
    lines = None
    for name, path in (("nodes", given.nodes), ("edges", given.edges)):
        is_parquet = path.rstrip("/").endswith(".parquet")
        texts, header = rows(spark, path, is_parquet)
        of_table = texts.mapInArrow(through(command, header), "line string")
        lines = of_table if lines is None else lines.union(of_table)
        by = {"nodes": "category", "edges": "predicate"}[name]
        table = columns(spark, path, is_parquet)
        writer = table.write.mode("overwrite")
        if dict(table.dtypes)[by] == "string":
            writer = writer.partitionBy(by)
        writer.parquet(f"{given.output}/{name}")
    lines.write.mode("overwrite").option("compression", "gzip").text(f"{given.output}/ntriples")
    written = spark.read.text(f"{given.output}/ntriples")
    triples = terms(written).repartition("predicate")
    triples.write.mode("overwrite").partitionBy("predicate").parquet(f"{given.output}/triples")
    spark.stop()


main()
