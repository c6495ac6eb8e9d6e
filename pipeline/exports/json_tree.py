"""JSON with the place of every value, read on behind what is broken. Not here: what the values mean (``json_records``).

The standard library's decoder has the strings; it keeps no places and gives up at the first error.
"""

import json
import re
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]  # there since 3.1, but not in the stubs
from typing import Final

_SPACE: Final = re.compile(r"\s*")
_SIGNS: Final = re.compile(r"[\s,]*")
_LITERAL: Final = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null|NaN|-?Infinity")
_OBJECT: Final = re.compile(r"\{\s*(?P<key>\"(?:[^\"\\\n]|\\.)*\")\s*:")
MAX_DEPTH: Final = 60  # no export nests deeper; it bounds the recursion


@dataclass(slots=True, eq=False)
class Node:
    """A value with its span. ``kind`` is "object", "array", "string" or "literal".

    The span of a string has no quotes. ``children`` are the members with their names, or the elements with "".
    """

    kind: str
    start: int
    end: int
    text: str = ""
    children: list[tuple[str, "Node"]] = field(default_factory=list)


class BrokenError(Exception):
    """What stands at ``place`` is no JSON, or nested too deep."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(f"no JSON at character {place}")


@dataclass
class Tree:
    """The values of a text one behind the other, and the spans of what is in none of them because it is broken.

    ``cut`` says that the text ends inside a value.
    """

    text: str
    values: list[Node] = field(default_factory=list)
    broken: list[tuple[int, int]] = field(default_factory=list)
    cut: bool = False


def read_tree(text: str) -> Tree:
    """Every value of a text, also of several in a row (JSON Lines); nothing raises."""
    tree = Tree(text)
    place = _skip(text, 0, _SIGNS)
    while place < len(text):
        try:
            node, behind = _value(tree, place, 0, recover=True)
        except BrokenError:
            behind = _next_object(tree, place, len(text))
            tree.broken.append((place, behind))
            tree.cut |= behind >= len(text)
        else:
            tree.values.append(node)
        place = _skip(text, max(behind, place + 1), _SIGNS)
    return tree


def object_at(tree: Tree, place: int) -> Node | None:
    """The object that starts at a place and is whole; None where there is none."""
    try:
        return _object(tree, place, 0, recover=False)[0] if tree.text.startswith("{", place) else None
    except BrokenError:
        return None


def is_object_start(text: str) -> bool:
    """Does a text start like an object of JSON, or like an array of them?"""
    return re.compile(r"\s*(?:\[\s*)?\{\s*(?:\"(?:[^\"\\\n]|\\.)*\"\s*:|\})").match(text) is not None


def _next_object(tree: Tree, place: int, end: int) -> int:
    """Where the next object starts a line that can be read, behind a value at the top that cannot."""
    for match in re.compile(r"\n[ \t]*(?=\{)").finditer(tree.text, place, end):
        if _readable(tree, match.end()) is not None:
            return match.end()
    return end


def _value(tree: Tree, place: int, depth: int, *, recover: bool) -> tuple[Node, int]:
    text, sign = tree.text, tree.text[place : place + 1]
    if depth > MAX_DEPTH:
        raise BrokenError(place)
    if sign == '"':
        said, end = _string(text, place)
        return Node("string", place + 1, end - 1, said), end
    if sign == "{":
        return _object(tree, place, depth, recover=recover)
    if sign == "[":
        return _array(tree, place, depth, recover=recover)
    literal = _LITERAL.match(text, place)
    if literal is None:
        raise BrokenError(place)
    return Node("literal", *literal.span(), literal[0]), literal.end()


def _string(text: str, place: int) -> tuple[str, int]:
    try:
        said, end = scanstring(text, place + 1, False)  # not strict: line breaks inside are let be
    except json.JSONDecodeError as error:
        raise BrokenError(place) from error
    # Halves of pairs that stand alone are no text.
    return said if said.isascii() else said.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), end


def _object(tree: Tree, place: int, depth: int, *, recover: bool) -> tuple[Node, int]:
    text, node = tree.text, Node("object", place, place)
    at = _skip(text, place + 1)
    while text[at : at + 1] != "}":
        if text[at : at + 1] != '"':
            raise BrokenError(at)
        name, at = _string(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise BrokenError(at)
        start = _skip(text, at + 1)
        try:
            child, at = _value(tree, start, depth + 1, recover=recover)
        except BrokenError:
            if not (recover and text[start : start + 1] == "[" and depth == 0):
                raise
            child, at = _array(tree, start, depth + 1, recover=True)
        node.children.append((name, child))
        at = _separated(text, at, "}", lenient=recover and depth <= 1)
        if at >= len(text):
            node.end = len(text)
            return node, len(text)
    node.end = at + 1
    return node, at + 1


def _array(tree: Tree, place: int, depth: int, *, recover: bool) -> tuple[Node, int]:
    """An array; of its elements that are objects one may be broken without harm to the others."""
    text, node = tree.text, Node("array", place, place)
    at = _skip(text, place + 1)
    can = recover and _OBJECT.match(text, at) is not None
    while text[at : at + 1] != "]":
        try:
            child, behind = _value(tree, at, depth + 1, recover=recover and not can)
            following = _separated(text, behind, "]", lenient=can)
        except BrokenError:
            if not can:
                raise
            behind = following = _resumed(tree, node, at)
            tree.broken.append((at, behind))
            tree.cut |= behind >= len(text)
        else:
            node.children.append(("", child))
        at = following
        if at >= len(text):
            node.end = len(text)
            return node, len(text)
    node.end = at + 1
    return node, at + 1


def _resumed(tree: Tree, array: Node, broken: int) -> int:
    """Where the next readable object that is like the others of its array starts, else the end of the text."""
    first = _OBJECT.match(tree.text, array.children[0][1].start if array.children else broken)
    for match in _OBJECT.finditer(tree.text, broken + 1):
        if first is not None and match["key"] == first["key"]:
            node = _readable(tree, match.start())
            if node is not None and (not array.children or _alike(node, array.children[0][1])):
                return match.start()
    return len(tree.text)


def _alike(one: Node, other: Node) -> bool:
    names, others = {name for name, _ in one.children}, {name for name, _ in other.children}
    return len(names & others) * 2 >= len(others)


def _readable(tree: Tree, place: int) -> Node | None:
    try:
        return _value(tree, place, 1, recover=False)[0]
    except BrokenError:
        return None


def _separated(text: str, place: int, close: str, *, lenient: bool = False) -> int:
    """Where the next element, or ``close``, stands; a comma too many before ``close`` is let be."""
    at = _skip(text, place)
    if text[at : at + 1] == ",":
        return _skip(text, at, _SIGNS)
    if text[at : at + 1] != close and not (lenient and at >= len(text)):
        raise BrokenError(at)
    return at


def _skip(text: str, place: int, pattern: re.Pattern[str] = _SPACE) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place
