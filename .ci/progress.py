"""Bars at a terminal: they are there, never go back, and leave nothing behind."""

import fcntl
import gzip
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/tupu"
NODES, EDGES = 200_000, 1_000_000
PREFIX = ["--prefix", "EX=https://kg.example/"]

# What is run.
CASES = [
    ["export", "nodes.tsv", "edges.tsv", "--format", "ntriples", "-o", "out.nt"],
    ["export", "nodes.tsv", "edges.tsv", "--format", "turtle", "--provenance", "none", "-o", "out.ttl"],
    ["export", "nodes.tsv", "edges.tsv", "--format", "turtle", "--provenance", "reified", "-o", "out.ttl"],
    ["export", "nodes.tsv", "edges.tsv.gz", "--format", "ntriples", "-o", "out.nt"],
    ["export", "nodes.tsv", "edges.tsv", "--format", "ntriples", "--strict", "-o", "out.nt"],
    ["export", "--graph", "nodes.tsv", "--graph", "edges.tsv", "--format", "kgx-jsonl", "--output", "out"],
    ["stats", "--graph", "nodes.tsv", "--graph", "edges.tsv"],
    ["neighbors", "甲1", "--graph", "edges.tsv", "--graph", "nodes.tsv"],
    ["query", "SELECT * WHERE { ?s a ?class } LIMIT 1", "--graph", "nodes.tsv", "--graph", "edges.tsv"],
]


def write_tables(folder):
    with open(folder / "nodes.tsv", "w", encoding="utf-8") as nodes:
        nodes.write("id\tcategory\tname\n")
        for node in range(NODES):
            nodes.write(f"EX:{node}\tbiolink:City\t甲{node}\n")
    with open(folder / "edges.tsv", "w", encoding="utf-8") as edges:
        edges.write("id\tsubject\tpredicate\tobject\tprimary_knowledge_source\n")
        for edge in range(EDGES):
            one, other = edge * 7919 % NODES, edge * 104_729 % NODES
            edges.write(f"E{edge}\tEX:{one}\tbiolink:near\tEX:{other}\tinfores:gazetteer\n")
    with open(folder / "edges.tsv", "rb") as plain, gzip.open(folder / "edges.tsv.gz", "wb", 1) as packed:
        while block := plain.read(1 << 20):
            packed.write(block)


def at_terminal(arguments, folder):
    """Exit code, and what standard error says to a terminal."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [PROGRAM, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    said = b""
    while True:
        select.select([ours], [], [])
        try:
            block = os.read(ours, 65536)
        except OSError:
            break
        if not block:
            break
        said += block
    os.close(ours)
    return child.wait(), said.decode("utf-8", "replace")


def screen(said):
    """The lines that are left on the terminal."""
    lines, row, column = [""], 0, 0
    for part in re.findall(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+|\x1b", said):
        if part == "\r":
            column = 0
        elif part == "\n":
            row += 1
            if row == len(lines):
                lines.append("")
        elif part.startswith("\x1b["):
            number = int(re.sub(r"\D", "", part) or 1)
            if part.endswith("A"):
                row = max(0, row - number)
            elif part.endswith("B"):
                row = min(len(lines) - 1, row + number)
            elif part.endswith("K"):
                lines[row] = "" if number == 2 else lines[row][:column]
        else:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + part + line[column + len(part):]
            column += len(part)
    return [line for line in lines if line.strip()]


def faults(arguments, folder):
    code, said = at_terminal(arguments, folder)
    found = [] if code == 0 else [f"exit code {code}"]
    shown = [int(percent) for percent in re.findall(r"(\d+) %", said)]
    if not shown:
        found.append("no bar")
    if shown != sorted(shown):
        found.append(f"the bar went back: {shown}")
    if shown and shown[-1] > 100:
        found.append(f"more than all: {shown}")
    left = [line for line in screen(said) if "%" in line or "ing " in line]
    if left:
        found.append(f"left behind: {left}")
    silent = subprocess.run(
        [PROGRAM, *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, check=False,
    )
    if b"\x1b" in silent.stderr or b"%" in silent.stderr:
        found.append("a bar without a terminal")
    return found


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder)
        for arguments in CASES:
            for fault in faults([*arguments, *PREFIX], folder):
                wrong += 1
                print(f"{' '.join(arguments)}: {fault}")
        # Faults stand above the bar, each on a line of its own.
        with open(folder / "faulty.tsv", "w", encoding="utf-8") as faulty:
            faulty.write("id\tcategory\tname\n")
            for node in range(NODES):
                faulty.write(f"EX:{node}\tbiolink:City{'' if node % 50_000 == 7 else chr(9) + '甲'}\n")
        code, said = at_terminal(["export", "faulty.tsv", "edges.tsv", "-o", "out.nt", *PREFIX], folder)
        left = screen(said)
        if code != 1 or len(left) != 5 or not all("missing-column" in line for line in left[:4]):
            wrong += 1
            print(f"faulty rows: exit code {code}, {left}")
    print(f"{len(CASES) + 1} bars at a terminal, {wrong} faults")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
