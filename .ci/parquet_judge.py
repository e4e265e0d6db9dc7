"""Has pyarrow write tables as Parquet in many ways, and holds what `tupu export` makes of them to what it makes of TSV.

parquet_judge.py TUPU FOLDER: TUPU is built with the feature `parquet`, FOLDER is empty.
"""

import datetime
import decimal
import pathlib
import subprocess
import sys

import pyarrow
import pyarrow.parquet

tupu, folder = sys.argv[1], pathlib.Path(sys.argv[2])
ROWS = 5_000


def run(*arguments):
    command = [tupu, "export", *arguments, "--prefix", "EX=https://kg.example/", "-f", "ntriples"]
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=600)


def triples(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def each(make):
    """A value for most rows, null for the others."""
    return [None if row % 7 == 3 else make(row) for row in range(ROWS)]


day = datetime.date(2024, 2, 29)
noon = datetime.datetime(2024, 2, 29, 12, 30, 15, 250_000)
columns = {
    # name: type, values, and how TSV has one of them
    "id": (pyarrow.string(), [f"EX:{row}" for row in range(ROWS)], str),
    "name": (pyarrow.string(), each(lambda row: f"甲市 {row % 50}"), str),
    "note": (pyarrow.large_string(), each(lambda row: f'a "{row}" \\ b'), str),
    "code": (pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), each(lambda row: f"c{row % 3}"), str),
    "synonym": (pyarrow.list_(pyarrow.string()), each(lambda row: [f"s{it}" for it in range(row % 4)]), str),
    "xref": (pyarrow.large_list(pyarrow.string()), each(lambda row: [f"EX:x{row}", "none"]), str),
    "rank": (pyarrow.int16(), each(lambda row: row - 99), str),
    "size": (pyarrow.uint64(), each(lambda row: 2**64 - 1 - row), str),
    "area": (pyarrow.float64(), each(lambda row: row + 0.25), str),
    "share": (pyarrow.float32(), each(lambda row: row + 0.5), str),
    "cost": (pyarrow.decimal128(20, 2), each(lambda row: decimal.Decimal(row - 9).quantize(decimal.Decimal("0.01"))), str),
    "open": (pyarrow.bool_(), each(lambda row: row % 2 == 0), lambda value: str(value).lower()),
    "since": (pyarrow.date32(), each(lambda row: day + datetime.timedelta(row)), str),
    "seen": (
        pyarrow.timestamp("ns", tz="UTC"),
        each(lambda row: noon + datetime.timedelta(row)),
        lambda value: value.isoformat().rstrip("0") + "Z",
    ),
    "local": (pyarrow.timestamp("ms"), each(lambda row: noon), lambda value: value.isoformat().rstrip("0")),
    "hour": (pyarrow.time64("us"), each(lambda row: datetime.time(8, row % 60, 1)), lambda value: value.isoformat()),
}


def as_text(value, text):
    if value is None:
        return ""
    return "|".join(map(text, value)) if isinstance(value, list) else text(value)


with open(folder / "nodes.tsv", "w", encoding="utf-8") as file:
    print(*columns, sep="\t", file=file)
    for row in range(ROWS):
        print(*(as_text(values[row], text) for _, values, text in columns.values()), sep="\t", file=file)
nodes = pyarrow.table({name: pyarrow.array(values, kind) for name, (kind, values, _) in columns.items()})
expected = triples("nodes.tsv")
assert expected.count("\n") > 10 * ROWS

ways = [
    {"compression": "snappy"},
    {"compression": "zstd", "data_page_version": "2.0"},
    {"compression": "gzip", "use_dictionary": False},
    {"compression": "none", "row_group_size": 999, "data_page_size": 1024},
    {"compression": "zstd", "use_deprecated_int96_timestamps": True},
    {"compression": "snappy", "use_compliant_nested_type": False, "version": "1.0"},
    {"compression": "snappy", "use_dictionary": False, "column_encoding": {"id": "DELTA_BYTE_ARRAY", "rank": "DELTA_BINARY_PACKED"}},
]
for way in ways:
    pyarrow.parquet.write_table(nodes, folder / "nodes.parquet", **way)
    wanted = expected
    if "use_deprecated_int96_timestamps" in way:
        # They do not say whether they are in UTC.
        wanted = wanted.replace('12:30:15.25"', '12:30:15.25Z"')
    assert triples("nodes.parquet") == wanted, way
    print(f"pyarrow {way}: the triples of TSV")

for way, said in [
    ({"compression": "lz4"}, "Snappy, gzip and Zstandard"),
    ({"compression": "brotli"}, "Snappy, gzip and Zstandard"),
]:
    pyarrow.parquet.write_table(nodes, folder / "nodes.parquet", **way)
    done = run("nodes.parquet")
    assert done.returncode == 1 and done.stdout == "" and said in done.stderr, (way, done)
    assert "error[invalid-parquet]" in done.stderr, done.stderr
print("other compressions: refused")
