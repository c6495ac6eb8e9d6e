"""Which format a text is, told by what stands in it, never by the name of its file.

A listing that people wrote must not be taken for an export: each format asks for more than a word or a sign of it.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from pipeline.exports.bibtex import read_bibtex
from pipeline.exports.delimited import find_table, read_delimited
from pipeline.exports.html_pages import read_html
from pipeline.exports.json_records import read_json, read_json_lines
from pipeline.exports.json_tree import is_object_start
from pipeline.exports.refer import is_enw, is_refworks, is_wos, read_enw, read_refworks, read_wos
from pipeline.exports.tagged import NBIB_TAG, RIS_TAG, read_nbib, read_ris
from pipeline.exports.value import Export
from pipeline.exports.xml_records import read_xml

TEXT: Final = "text"
READERS: Final[dict[str, Callable[[str], Export]]] = {
    "bibtex": read_bibtex,
    "ris": read_ris,
    "nbib": read_nbib,
    "enw": read_enw,
    "wos": read_wos,
    "refworks": read_refworks,
    "csv": read_delimited,
    "tsv": read_delimited,
    "json": read_json,
    "jsonl": read_json_lines,
    "xml": read_xml,
    "html": read_html,
}
_FIELDED: Final = {"enw": is_enw, "wos": is_wos, "refworks": is_refworks}
_HEAD: Final = 65_536  # characters that decide
_MOST: Final = 0.5  # share of the lines, or characters, that must be of the format
_LEAST_CLOSED: Final = 5  # elements of a page that starts with other text
_INVISIBLE: Final = "\ufeff\u200b\x00 \t\r\n"
_BIBTEX: Final = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+\s*[{(]\s*[^\s,{}]*\s*,\s*[A-Za-z][\w-]*\s*=", re.MULTILINE)
_XML: Final = re.compile(
    r"<\?xml\b|<!DOCTYPE\s+(?!html)|<[A-Za-z_][\w:.-]*(?:\s[^<>]*)?>\s*<[A-Za-z_!?]", re.IGNORECASE
)
_HTML: Final = re.compile(r"<!DOCTYPE\s+html|<html[\s>]", re.IGNORECASE)
_HTML_ROOT: Final = re.compile(
    r"<(?:head|body|div|table|ul|ol|dl|section|main|article\s|meta|p|h[1-6]|span|a|title)[\s>]", re.IGNORECASE
)
_TAG: Final = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--)")
_BEFORE_VALUE: Final = 7  # characters with a tag, spaces and the sign before a value of RIS or MEDLINE
_CONTINUED: Final = re.compile(r" {6}\S")


def format_of(text: str) -> str:
    """The format of a decoded text: a key of ``READERS``, or "text" for everything that people read."""
    head = text[:_HEAD].strip(_INVISIBLE)
    if head[:1] in {"{", "["} and is_object_start(head):
        return _json(head)
    is_marked_up = head.startswith("<") or _HTML.search(head[:4096]) is not None
    return (_markup(head) if is_marked_up else None) or _lined(text, head)


def _lined(text: str, head: str) -> str:
    """The format of a text that is written in lines."""
    lines = [line for line in head.split("\n") if line.strip()]
    if "@" in head and _BIBTEX.search(head) and _is_bibtex(head):
        return "bibtex"
    if any("-" in line.lstrip()[:_BEFORE_VALUE] for line in lines):
        if _share(lines, RIS_TAG) >= _MOST and any(re.match(r"\s*(?:TY|ER) {0,2}-", line) for line in lines):
            return "ris"
        if _is_nbib(lines):
            return "nbib"
    fielded = next((name for name, is_one in _FIELDED.items() if lines and is_one(lines)), None)
    if fielded is not None:
        return fielded
    table = find_table(text)
    return TEXT if table is None else "tsv" if table.delimiter == "\t" else "csv"


def read_format(text: str, name: str) -> Export:
    """Read a text as the format of that name."""
    return READERS[name](text)


def _json(head: str) -> str:
    """JSON Lines when several lines start an object at their beginning and the first is whole, else JSON."""
    starts = re.findall(r"^\{\s*\"", head, re.MULTILINE)
    return "jsonl" if head[0] == "{" and (len(starts) > 1 or re.search(r"^\}\s*\{", head, re.MULTILINE)) else "json"


def _markup(head: str) -> str | None:
    if _HTML.match(head):
        return "html"
    tagged = sum(match.end() - match.start() for match in _TAG.finditer(head))
    if tagged * 50 < len(head):  # a tag or two in running text
        return None
    if _HTML.search(head[:4096]) and (head.startswith("<") or head.count("</") >= _LEAST_CLOSED):
        return "html"
    if head.startswith("<!--"):
        head = re.sub(r"\A(?:<!--.*?-->\s*)+", "", head, flags=re.DOTALL)
    if _HTML_ROOT.match(head):
        return "html"
    return "xml" if _XML.match(head) else None


def _is_bibtex(head: str) -> bool:
    """Do its entries, with what belongs to them, make up most of the text?"""
    first = _BIBTEX.search(head)
    export = read_bibtex(head)
    inside = sum(end - start for start, end in export.entries) + sum(v.end - v.start for v in export.broken)
    return first is not None and inside >= _MOST * len(head)


def _is_nbib(lines: Sequence[str]) -> bool:
    tags = [match["tag"] for line in lines if (match := NBIB_TAG.match(line))]
    held = len(tags) + sum(_CONTINUED.match(line) is not None for line in lines)
    known = {"PMID", "TI", "AB", "FAU", "AU", "DP", "JT", "TA", "SO", "OWN", "STAT", "PT"} & set(tags)
    own = bool({"PMID", "FAU"} & known) or all(line[4:5] == "-" for line in lines if NBIB_TAG.match(line))
    return len(known) > 2 and own and held >= _MOST * len(lines)


def _share(lines: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.match(line) is not None for line in lines) / max(1, len(lines))
