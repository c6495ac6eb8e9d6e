"""Records that a web page carries as linked data for search engines: JSON-LD in the vocabulary of schema.org.

Only what calls itself scholarly is taken: articles of newspapers, recipes and shops are described in the same way.
"""

from collections.abc import Iterator
from typing import Final

from pipeline.exports.json_records import leaves, records_in
from pipeline.exports.json_tree import Node, read_tree
from pipeline.exports.markup import Element
from pipeline.exports.value import Value

LINKED: Final = "ld+json:"
"""What stands before the paths of fields that come from linked data, among the fields of a page."""
_SCHOLARLY: Final = frozenset({"ScholarlyArticle", "MedicalScholarlyArticle", "Thesis"})


def read_linked_data(text: str, root: Element) -> tuple[list[Value], list[tuple[int, int]]]:
    """The values of the publications that the scripts of a page describe, and the span of each, in the page's order."""
    values: list[Value] = []
    spans: list[tuple[int, int]] = []
    for element in root.walk():
        if not is_linked_data(element):
            continue
        start = element.inner_start
        for node in _publications(text[start : element.inner_end]):
            values += (
                Value(f"{LINKED}{one.field}", one.text, one.start + start, one.end + start, len(spans))
                for one in leaves(node)
            )
            spans.append((node.start + start, node.end + start))
    return values, spans


def is_linked_data(element: Element) -> bool:
    """Is an element a script that holds linked data?"""
    return element.tag == "script" and element.get("type").split(";")[0].strip().lower() == "application/ld+json"


def _publications(text: str) -> Iterator[Node]:
    for value in read_tree(text).values:
        yield from (node for node in records_in(value) if _SCHOLARLY.intersection(_types(node)))


def _types(node: Node) -> list[str]:
    """What an object says that it is: one type, or several."""
    said = [child for name, child in node.children if name == "@type"]
    return [one.text for child in said for one in [child, *(below for _, below in child.children)]]
