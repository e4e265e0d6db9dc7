"""Looks at the pages of the book: figures, what is said of them, ids and links."""

import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Page(HTMLParser):
    """What matters of a page."""

    def __init__(self, path):
        super().__init__()
        self.open, self.ids, self.links, self.faults = [], Counter(), [], []
        self.figures, self.texts, self.rows = 0, {"title": 0, "desc": 0}, 0
        self.feed(path.read_text(encoding="utf-8"))
        if self.open:
            self.faults.append(f"not closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])
        if tag == "svg" and self.open[-1:] == ["figure"]:
            self.figures += 1
            if attributes.get("role") != "img":
                self.faults.append("a figure without role")
        if "figure" in self.open and (tag in ("script", "iframe", "object") or any(name.startswith("on") for name in attributes)):
            self.faults.append(f"script in a figure: {tag} {attributes}")
        if "language-tupu" in attributes.get("class", "").split():
            self.faults.append("a fence is left")
        self.rows += tag == "tr" and "details" in self.open and "tbody" in self.open
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> in {self.open[-3:]}")

    def handle_data(self, text):
        if self.open[-2:-1] == ["svg"] and self.open[-1] in self.texts and text.strip():
            self.texts[self.open[-1]] += 1


def fences(text):
    """How many figures a chapter asks for: fences that stand in no other."""
    count, closing = 0, None
    for line in text.splitlines():
        mark = re.match(r"`{3,}", line)
        if closing is None and mark:
            closing = mark[0]
            count += line[len(closing):].split()[:1] == ["tupu"]
        elif line.strip() == closing:
            closing = None
    return count


def faults(chapters, folder):
    pages = {path.relative_to(folder).as_posix(): Page(path) for path in folder.rglob("*.html")}
    wanted = {path.stem: fences(path.read_text(encoding="utf-8")) for path in chapters.glob("*.md")}
    wanted["print"] = sum(wanted.values())
    wanted["index"] = wanted["README"]
    for name in wanted.keys() - {"README", "SUMMARY"}:
        if f"{name}.html" not in pages:
            yield f"{name}.md is no chapter"
    if wanted["gallery"] < 11:
        yield f"only {wanted['gallery']} figures in the gallery"
    for name, page in sorted(pages.items()):
        for fault in page.faults:
            yield f"{name}: {fault}"
        expected = wanted.get(name.removesuffix(".html"), 0)
        found = {page.figures, *page.texts.values()}
        if found != {expected}:
            yield f"{name}: {page.figures} figures, {page.texts} for {expected} fences"
        if page.rows < expected:
            yield f"{name}: {page.rows} rows of facts"
        for id_, times in page.ids.items():
            if times > 1:
                yield f"{name}: {times} times the id {id_}"
        for link in page.links:
            if re.match(r"[a-z]+:", link):
                continue
            path, _, fragment = unquote(link).partition("#")
            target = (folder / name).parent / path if path else folder / name
            if not target.exists():
                yield f"{name}: {link} leads nowhere"
            elif fragment and target.suffix == ".html":
                page_of_target = pages[target.resolve().relative_to(folder.resolve()).as_posix()]
                if fragment not in page_of_target.ids:
                    yield f"{name}: {link} leads nowhere in its page"
    print(f"{len(pages)} pages, {pages['print.html'].figures} figures, {pages['print.html'].rows} rows of facts")


def main():
    found = list(faults(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found))
    sys.exit(bool(found))


main()
