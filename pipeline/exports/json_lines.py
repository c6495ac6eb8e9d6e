"""JSON Lines: which lines are objects by themselves. What stands between two of them is read as JSON of its own.

So a broken line takes none of the others along, and a file can be cut before any whole one. Not here: JSON itself
(``json_tree``).
"""

from collections.abc import Collection, Iterator

from pipeline.exports.json_tree import Node, Tree, object_at, read_tree

_LIKE = 2  # one in so many names of the first object makes another like it


def names_on_first_line(text: str) -> frozenset[str]:
    """The names in the object that is the first line with anything on it; none where it is no whole object."""
    tree = Tree(text)
    start = len(text) - len(text.lstrip())
    node = object_at(tree, start)
    return frozenset(name for name, _ in node.children) if node and _alone(text, start, node.end) else frozenset()


def read_tree_by_lines(text: str, names: Collection[str]) -> Tree:
    """The values of a text, as ``read_tree`` gives them, each line that is an object like others read alone."""
    tree = Tree(text)
    behind = 0
    for start, node in [*whole_lines(tree, names), (len(text), None)]:
        if text[behind:start].strip():
            _read_between(tree, behind, start)
        if node is not None:
            tree.values.append(node)
            behind = node.end
    return tree


def whole_lines(tree: Tree, names: Collection[str], low: int = 0) -> Iterator[tuple[int, Node]]:
    """The objects that are lines by themselves, and have half of some names at least, with where their lines start.

    ``low`` is where a line starts. An object inside of another one, which is written on several lines, is not like it.
    """
    text = tree.text
    start = low
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        node = object_at(tree, start)
        if node is not None and node.end <= end and _alone(text, start, node.end) and _is_like(node, names):
            yield start, node
        start = end + 1


def _alone(text: str, start: int, end: int) -> bool:
    """Whether an object is all of one line."""
    behind = text.find("\n", end)
    return "\n" not in text[start:end] and not text[end : len(text) if behind < 0 else behind].strip()


def _is_like(node: Node, names: Collection[str]) -> bool:
    return len({name for name, _ in node.children}.intersection(names)) * _LIKE >= len(names)


def _read_between(tree: Tree, start: int, end: int) -> None:
    """Read a stretch as a text of its own."""
    part = read_tree(tree.text[start:end])
    for node in part.values:
        _move(node, start)
    tree.values += part.values
    tree.broken += [(low + start, high + start) for low, high in part.broken]
    tree.cut |= part.cut and end == len(tree.text)


def _move(node: Node, by: int) -> None:
    node.start += by
    node.end += by
    for _, child in node.children:
        _move(child, by)
