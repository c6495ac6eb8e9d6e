"""Records in JSON and JSON Lines: which objects are entries, in the shapes of arXiv, Crossref, OpenAlex, Semantic
Scholar, DBLP, CSL and free ones.
"""

from collections.abc import Collection, Iterator
from typing import Final

from pipeline.exports.fields import is_cited, plain, role_of
from pipeline.exports.json_lines import names_on_first_line, read_tree_by_lines
from pipeline.exports.json_tree import Node, Tree, read_tree
from pipeline.exports.value import BROKEN, Export, Value, one_line, outside

_INVERTED: Final = "abstractinvertedindex"
_WRAPPERS: Final = frozenset({"info", "content", "attributes", "fields", "source", "data", "metadata", "paper"})


def read_json(text: str) -> Export:
    """The entries of JSON values that stand one behind the other; every leaf is a value."""
    tree = read_tree(text)
    # A list of references is what some files are, and not what their entries cite.
    return _export(tree, cited=not _has_records(tree))


def read_json_lines(text: str, names: Collection[str] = (), *, cited: bool | None = None, last: bool = True) -> Export:
    """The same where objects stand on lines of their own, so that a broken one costs no line but its own.

    ``names`` are those of the first object of the file, which is that of the text where there are none. ``cited``:
    whether cited works are entries, where that is known of the whole file. ``last``: the file ends with the text.
    """
    names = names or names_on_first_line(text)
    tree = read_tree_by_lines(text, names) if names else read_tree(text)
    tree.cut = tree.cut and last
    return _export(tree, cited=not _has_records(tree) if cited is None else cited)


def _has_records(tree: Tree) -> bool:
    return any(True for value in tree.values for _ in records_in(value))


def _export(tree: Tree, *, cited: bool) -> Export:
    entries = [node for value in tree.values for node in records_in(value, cited=cited)]
    values: list[Value] = []
    for number, node in enumerate(entries):
        values += (Value(v.field, v.text, v.start, v.end, number) for v in leaves(node))
    taken = {id(node) for node in entries}
    for value in tree.values:
        values += _others(value, "", taken)
    for start, end in tree.broken:
        values += outside(tree.text, start, end, BROKEN)
    ordered = sorted(values, key=lambda value: (value.start, value.end))
    return Export(tuple(ordered), tuple((node.start, node.end) for node in entries), tree.cut)


def records_in(node: Node, *, cited: bool = False) -> Iterator[Node]:
    """The outermost objects that are a record, and their fellows in an array also where they lack a title.

    Lists of ``cited`` works are left out, or not.
    """
    if node.kind == "object":
        if _is_record(node) and not _is_collection(node):
            yield node
            return
        for name, child in node.children:
            if cited or not is_cited(name):
                yield from records_in(child, cited=cited)
    elif node.kind == "array":
        objects = [child for _, child in node.children if child.kind == "object"]
        records = sum(_is_record(child) and not _is_collection(child) for child in objects)
        for _, child in node.children:
            if child.kind == "object" and records * 2 > len(objects):
                yield child
            else:
                yield from records_in(child, cited=cited)


def _is_record(node: Node) -> bool:
    """Has it a title and what only publications have, itself or in the object that wraps its fields?

    A title with a description alone is what settings and schemas have too.
    """
    roles = {role[0] for name, _ in node.children if (role := role_of(name))}
    titled = "title" in roles and (roles & {"authors", "venue", "year"} or _has_abstract(node))
    if titled or ("authors" in roles and _has_abstract(node)):
        return True
    return any(
        child.kind == "object" and plain(name) in _WRAPPERS and _is_record(child) and not _is_collection(child)
        for name, child in node.children
    )


def _has_abstract(node: Node) -> bool:
    return any(plain(name).startswith("abstract") for name, _ in node.children)


def _is_collection(node: Node) -> bool:
    """A list with a title of its own: one of its fields, not its references, holds records."""
    roles = {role[0] for name, _ in node.children if (role := role_of(name))}
    if "authors" in roles:
        return False
    return any(
        child.kind == "array"
        and not is_cited(name)
        and any(element.kind == "object" and _is_record(element) for _, element in child.children)
        for name, child in node.children
        if (role_of(name) or ("",))[0] != "authors"
    )


def leaves(node: Node, path: str = "") -> Iterator[Value]:
    """The leaves of an entry; an abstract that is written as the places of its words is one value."""
    if node.kind in {"string", "literal"}:
        yield from _leaf(path, node)
        return
    for number, (name, child) in enumerate(node.children, 1):
        step = f"{path}[{number}]" if node.kind == "array" else f"{path}.{name}" if path else name
        if plain(name) == _INVERTED and child.kind == "object":
            yield Value(step, _unrolled(child), child.start, child.end)
        else:
            yield from leaves(child, step)


def _leaf(path: str, node: Node) -> Iterator[Value]:
    if node.text.strip():
        yield Value(path, one_line(node.text), node.start, node.end)


def _unrolled(index: Node) -> str:
    """The text of an inverted index: each word with its places, from 0."""
    placed = []
    for word, places in index.children:
        numbers = [child.text for _, child in places.children] or [places.text]
        placed += [(int(number), word) for number in numbers if number.isdecimal() and len(number) < 7]
    return one_line(" ".join(word for _, word in sorted(placed, key=lambda one: one[0])))


def _others(node: Node, path: str, taken: set[int]) -> Iterator[Value]:
    """The leaves that are in no entry."""
    if id(node) in taken:
        return
    if node.kind in {"string", "literal"}:
        yield from _leaf(path or "value", node)
    for number, (name, child) in enumerate(node.children, 1):
        step = f"{path}[{number}]" if node.kind == "array" else f"{path}.{name}" if path else name
        yield from _others(child, step, taken)
