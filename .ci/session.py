"""A person at a terminal: types at `tupu shell`, interrupts, narrows the window, closes the output early."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
from pathlib import Path

from shells import PROGRAM, ROOT, Terminal

UP, TAB, CTRL_C, CTRL_D = "\x1b[A", "\t", "\x03", "\x04"
# Hours of work: nothing joins its three patterns.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

checks = failures = 0


def check(what, holds, shown=""):
    global checks, failures
    checks += 1
    if not holds:
        failures += 1
        print(f"not so: {what}\n{shown!r}")


class Person(Terminal):
    """A terminal of a given width, and what it shows without what moves the cursor."""

    def __init__(self, arguments, home, width=100, **variables):
        environment = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm", "LC_ALL": "C.UTF-8", **variables}
        super().__init__([str(PROGRAM), *arguments], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))

    def wait(self, pattern, most=30.0):
        """What arrives up to and with the pattern, or all that arrives in time."""
        text, end = "", time.monotonic() + most
        while time.monotonic() < end and not re.search(pattern, CONTROL.sub("", text)):
            text += self.read(quiet=0.2, most=1.0)
        return CONTROL.sub("", text)

    def ask(self, typed, pattern):
        self.send(typed)
        return self.wait(pattern)

    def status(self, most=10.0):
        """The exit status, once it ends; negative for a signal, `None` if it does not end."""
        end = time.monotonic() + most
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None


def width_of(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def session(home):
    person = Person(["shell"], home)
    greeting = person.wait("tupu> ")
    check("it says how it ends", "Ctrl-D ends" in greeting, greeting)
    before = termios.tcgetattr(person.fd)

    shown = person.ask("sho" + TAB + "金凤实" + TAB + "\r", "(?s)金凤实验室.*tupu> ")
    check("a command and a name are completed", "jinfeng-laboratory" in shown, shown)
    shown = person.ask("why 金凤实验室\x1b[D\x1b[D\x1b[D\x1b[D\x1b[D天府锦城实验室 " + "\r", "(?s)战略合作单位.*tupu> ")
    check("the line is edited in its middle", "char=4140,4151" in shown, shown)
    shown = person.ask(UP + UP + "\r", "(?s)jinfeng-laboratory.*tupu> ")
    check("arrow up brings back what was asked", "show" in shown and "jinfeng-laboratory" in shown, shown)

    shown = person.ask("SELECT ?name {\r", r"(?m)^[^t]*\{\s*$")
    check("SPARQL that is not complete goes on", "name" in shown and "error" not in shown, shown)
    shown = person.ask("cy:chengdu rdfs:label ?name }\r", "(?s)Chengdu.*tupu> ")
    check("and is asked where it is complete", "成都市" in shown, shown)

    person.send(ENDLESS + "\r")
    time.sleep(1.5)
    shown = person.ask(CTRL_C, "(?s)broken off.*tupu> ")
    check("Ctrl-C ends a long query and not the session", "broken off" in shown, shown)
    check("the terminal is as it was", termios.tcgetattr(person.fd) == before)
    shown = person.ask("half of a question" + CTRL_C, "tupu> ")
    shown = person.ask("stats\r", "(?s)(nodes|entities).*tupu> ")
    check("after it questions are answered", "error" not in shown, shown)
    person.send(CTRL_D)
    check("Ctrl-D ends it well", person.status() == 0)
    os.close(person.fd)

    person = Person(["shell"], home)
    person.wait("tupu> ")
    shown = person.ask(UP, "stats")
    check("history is kept for the next session", "stats" in shown, shown)
    person.ask(CTRL_C, "tupu> ")
    person.send(".quit\r")
    check(".quit ends it well", person.status() == 0)
    os.close(person.fd)


def interrupted(home):
    person = Person(["query", ENDLESS], home)
    time.sleep(1.5)
    person.send(CTRL_C)
    status = person.status()
    check("Ctrl-C ends a long query", status in (2, 130, -signal.SIGINT), status)
    os.close(person.fd)


def widths(home):
    for width in (60, 80, 200):
        person = Person(["neighbors", "cdfgw"], home, width)
        shown = person.wait("\0", most=3.0)
        lines = [line.rstrip() for line in shown.splitlines() if line.strip()]
        check(f"a table fits {width} columns", max(map(width_of, lines)) <= width, shown)
        check(f"the table of {width} columns holds the answer", "bid-agreement" in shown, shown)
        # Slugs begin in one column, whatever the characters before them: below their head, or behind it where
        # each row stands by itself.
        heading = next((line for line in lines if "SLUG" in line), "")
        is_table = "NEIGHBOUR" in heading
        check(f"{width} columns are wide enough for a table: {width > 60}", is_table == (width > 60), shown)
        start = width_of(heading[: heading.find("SLUG")] if is_table else "NEIGHBOUR  ")
        starts = {width_of(line[: line.find("signing-")]) for line in lines if "signing-" in line}
        check(f"wide characters are aligned in {width} columns", starts == {start}, shown)
        check("the output ends it well", person.status() == 0)
        os.close(person.fd)


def nothing_is_wider(home):
    for arguments in (
        ["timeline", "--lang", "en"],
        ["show", "lab-agreement", "--lang", "both"],
        ["path", "jinfeng-laboratory", "cd-drc", "--limit", "1", "--lang", "en"],
        ["query", "--list", "--lang", "en"],
    ):
        for width in (60, 80, 100, 140):
            person = Person(arguments, home, width)
            lines = person.wait("\0", most=3.0).splitlines()
            widest = max(map(width_of, lines), default=0)
            check(f"{' '.join(arguments)} fits {width} columns", 0 < widest <= width, lines)
            check("it ends well", person.status() == 0)
            os.close(person.fd)


def not_folded_in_a_file(home):
    answer = Path(home, "answer")
    script = f"'{PROGRAM}' timeline > '{answer}'; echo done"
    pid, terminal = os.forkpty()
    if pid == 0:
        os.chdir(ROOT)
        os.execv("/bin/sh", ["sh", "-c", f"stty cols 60; {script}"])
    while b"done" not in os.read(terminal, 4096):
        pass
    os.waitpid(pid, 0)
    os.close(terminal)
    piped = subprocess.run([PROGRAM, "timeline"], cwd=ROOT, capture_output=True).stdout
    check("what goes to a file is not folded", answer.read_bytes() == piped, answer.read_text())


def colours(home):
    for name, variables, coloured in (("a terminal", {}, True), ("NO_COLOR", {"NO_COLOR": "1"}, False)):
        person = Person(["query", "SELECT ?a {"], home, **variables)
        shown = person.read()
        check(f"colours with {name}: {coloured}", ("\x1b[" in shown) == coloured, shown)
        check("it could not run", person.status() == 2)
        os.close(person.fd)
    piped = subprocess.run([PROGRAM, "query", "SELECT ?a {"], cwd=ROOT, capture_output=True, text=True)
    check("no colours in a pipe", "\x1b[" not in piped.stderr, piped.stderr)


def closed_early(home):
    for command in ("list Organization", "query --list", "numbers", "search 市"):
        script = f"set -o pipefail; '{PROGRAM}' {command} | head -1"
        ended = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True)
        check(f"`{command} | head -1` is success", ended.returncode == 0 and "error" not in ended.stderr, ended)


def main():
    with tempfile.TemporaryDirectory() as home:
        for part in (session, interrupted, widths, nothing_is_wider, not_folded_in_a_file, colours, closed_early):
            part(home)
    print(f"{checks} checks of the session at a terminal, {failures} wrong")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
