"""Real shells complete names: types at them through a terminal and reads the line that they make of it."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "target/release/tupu"

# What is typed before the tab, and what the shell must run: echoed by a function named tupu.
CASES = [
    ("tupu sho\t", ["show"]),
    ("tupu show 两实验室\t", ["show", "两实验室合作协议签署"]),
    ("tupu show 'Chengdu Intell\t", ["show", "Chengdu Intellectual Property Office"]),
    ("tupu show Chengdu\\ Intell\t", ["show", "Chengdu Intellectual Property Office"]),
    ("tupu list Agreement --where signatory=成都市知\t", ["list", "Agreement", "--where", "signatory=成都市知识产权局"]),
    ("tupu draw agreem\t", ["draw", "agreements"]),
]

# How each shell is started without anybody's settings, and told to show arguments line by line.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <(tupu completions bash)", "args-tupu() { printf '<%s>\\n' \"$@\"; }"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u; source <(tupu completions zsh)", "args-tupu() { printf '<%s>\\n' \"$@\"; }"),
    "fish": (["fish", "--no-config", "-i"], "tupu completions fish | source", "function args-tupu; printf '<%s>\\n' $argv; end"),
}


class Terminal:
    def __init__(self, command, environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(command[0], command, environment)

    def read(self, quiet=0.8, most=15.0):
        """What arrives until nothing more does."""
        text, end = b"", time.monotonic() + most
        while time.monotonic() < end:
            ready, _, _ = select.select([self.fd], [], [], quiet)
            if not ready:
                break
            try:
                chunk = os.read(self.fd, 65536)
            except OSError:
                break
            if not chunk:
                break
            if b"\x1b[c" in chunk:  # what are you? a plain terminal
                os.write(self.fd, b"\x1b[?62c")
            text += chunk
        return text.decode("utf-8", "replace")

    def send(self, text):
        os.write(self.fd, text.encode())


def environment(folder):
    (folder / "tupu").symlink_to(PROGRAM)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "xterm",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "200",
    }


def main():
    failures = tried = 0
    for name, (command, load, echo) in SHELLS.items():
        if shutil.which(command[0]) is None:
            sys.exit(f"{name} is not installed")
        with tempfile.TemporaryDirectory() as folder:
            terminal = Terminal(command, environment(Path(folder)))
            terminal.read()
            for line in [load, echo]:
                terminal.send(line + "\n")
                terminal.read()
            for typed, wanted in CASES:
                terminal.send(typed)
                terminal.read()
                # The line that completion left is run with the echoing function in the program's place.
                terminal.send("\x01" + "args-\n")
                shown = terminal.read()
                found = re.findall(r"<([^<>\r\n]*)>\r?\n", shown)
                tried += 1
                if found != wanted:
                    failures += 1
                    print(f"{name}: {typed!r}: expected {wanted}, found {found}\n{shown!r}")
            terminal.send("\x04")
            os.close(terminal.fd)
    print(f"{tried} completions in {len(SHELLS)} shells, {failures} wrong")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
