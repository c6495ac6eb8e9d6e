"""Described layouts as YAML: reading what a person wrote, with errors that name the line, and writing a proposal."""

from collections.abc import Iterator
from typing import Final

import yaml

from pipeline.layouts.described.spec import BETWEEN, FIELDS, Columns, Labels, Spec, Units

_KEYS: Final = ("name", "files", "columns", "separator", "header", "labels", "between", "units")
MAX_CHARACTERS: Final = 256 * 1024
_NAME: Final = "lower-case letters, digits and underscores, at most 40"


class LayoutFileError(ValueError):
    """A file of layouts that cannot be used; the message names file, line, value and remedy."""


def written(spec: Spec) -> str:
    """A description as YAML, as ``read_specs`` reads it."""
    shape = spec.shape
    body: dict[str, object] = {"name": spec.name}
    if spec.files:
        body["files"] = list(spec.files)
    if isinstance(shape, Columns):
        body |= {"separator": shape.separator, "header": shape.header, "columns": list(shape.roles)}
    elif isinstance(shape, Labels):
        body["labels"] = dict(shape.roles)
    else:
        body |= {"between": shape.between, "units": list(shape.roles)}
    return str(yaml.safe_dump([body], allow_unicode=True, sort_keys=False, default_flow_style=None, width=110))


def read_specs(text: str, file: str) -> tuple[Spec, ...]:
    """The descriptions of a file of layouts; raises LayoutFileError for one that cannot be used.

    ``file`` is the name that errors give it. Without text there are none.
    """
    try:
        root = yaml.compose(_bounded(text, file), Loader=yaml.SafeLoader)
    except RecursionError as error:
        raise LayoutFileError(f"{file}: is nested too deeply; layouts are lists and keys of a few levels") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        why = getattr(error, "problem", None) or error
        raise LayoutFileError(f"{file}: line {line}: no YAML ({why}); mend or remove the file") from error
    if root is None:
        return ()
    reader = _Reader(file)
    specs = [reader.spec(node) for node in reader.items(root, "the file", "layouts, each starting with '- name:'")]
    seen: set[str] = set()
    for spec, node in zip(specs, root.value, strict=True):
        if spec.name in seen:
            raise reader.error(node, f"a second layout named {spec.name!r}", "give each a name of its own")
        seen.add(spec.name)
    return tuple(specs)


def _bounded(text: str, file: str) -> str:
    """The text; aliases are never expanded, so that its length bounds the work."""
    if len(text) > MAX_CHARACTERS:
        raise LayoutFileError(
            f"{file}: has {len(text)} characters, more than {MAX_CHARACTERS} (MAX_CHARACTERS); "
            "leave out what is no layout"
        )
    return text


class _Reader:
    """Nodes of YAML as descriptions, for one file."""

    def __init__(self, file: str) -> None:
        self._file = file

    def error(self, node: yaml.Node, wrong: str, remedy: str) -> LayoutFileError:
        return LayoutFileError(f"{self._file}: line {node.start_mark.line + 1}: {wrong}; {remedy}")

    def spec(self, node: yaml.Node) -> Spec:
        """One layout."""
        keys = dict(self._pairs(node, "a layout"))
        for key, value in keys.items():
            if key not in _KEYS:
                raise self.error(value, f"unknown key {key!r}", f"use {', '.join(_KEYS)}")
        name = self._text(self._needed(node, keys, "name"), "name")
        if not (0 < len(name) <= 40 and name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()):
            raise self.error(keys["name"], f"name {name!r}", f"write {_NAME}")
        if name == "proposed" or name.startswith("listing_"):
            raise self.error(keys["name"], f"name {name!r}", "that is the name of a layout already; take another")
        shapes = [key for key in ("columns", "labels", "units") if key in keys]
        if len(shapes) != 1:
            raise self.error(node, f"layout {name!r} has {len(shapes)} shapes", "give it one of columns, labels, units")
        files = (
            tuple(self._text(item, "a pattern of files") for item in self.items(keys["files"], "files", "patterns"))
            if "files" in keys
            else ()
        )
        return Spec(name, self._shape(shapes[0], node, keys), files)

    def _shape(self, shape: str, node: yaml.Node, keys: dict[str, yaml.Node]) -> Columns | Labels | Units:
        if shape == "labels":
            pairs = [(label, value) for label, value in self._pairs(keys["labels"], "labels")]
            for label, value in pairs:
                if not label.strip():
                    raise self.error(value, f"label {label!r}", "write the word that lines start with")
            roles = self._roles([value for _, value in pairs], keys["labels"])
            return Labels(tuple(zip((label.strip() for label, _ in pairs), roles, strict=True)))
        roles = self._roles(self.items(keys[shape], shape, f"roles ({', '.join(FIELDS)})"), keys[shape])
        if shape == "units":
            between = self._text(self._needed(node, keys, "between"), "between")
            if between not in BETWEEN:
                raise self.error(keys["between"], f"between {between!r}", f"use one of: {', '.join(BETWEEN)}")
            return Units(between, roles)
        separator = self._needed(node, keys, "separator")
        if not isinstance(separator, yaml.ScalarNode) or not separator.value:
            raise self.error(separator, "no separator", 'write what stands between columns, as "|" or "\\t"')
        header = self._text(keys["header"], "header") if "header" in keys else "false"
        if header not in {"true", "false"}:
            raise self.error(keys["header"], f"header {header!r}", "write true or false")
        return Columns(separator.value, roles, header == "true")

    def _roles(self, nodes: list[yaml.Node], whole: yaml.Node) -> tuple[str, ...]:
        roles = []
        for node in nodes:
            role = self._text(node, "a role")
            if role not in FIELDS:
                raise self.error(node, f"role {role!r}", f"use one of: {', '.join(FIELDS)}")
            if role != "other" and role in roles:
                raise self.error(node, f"role {role!r} again", "give each role once; use other for what has none")
            roles.append(role)
        if not {"title", "abstract", "reference"} & set(roles):
            raise self.error(whole, "no title, abstract or reference", "a record needs one of them: give one the role")
        return tuple(roles)

    def items(self, node: yaml.Node, what: str, wanted: str) -> list[yaml.Node]:
        """The items of a list."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, f"{what} is no list", f"write a list of {wanted}")
        return list(node.value)

    def _pairs(self, node: yaml.Node, what: str) -> Iterator[tuple[str, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what} is no mapping", "write keys and values, as 'name: my_listing'")
        seen = set()
        for key, value in node.value:
            text = self._text(key, "a key")
            if text in seen:
                raise self.error(key, f"key {text!r} again", "give each key once")
            seen.add(text)
            yield text, value

    def _needed(self, node: yaml.Node, keys: dict[str, yaml.Node], key: str) -> yaml.Node:
        if key not in keys:
            raise self.error(node, f"no {key}", f"add '{key}: ...'")
        return keys[key]

    def _text(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error(node, f"{what} is no text", "write one word or a text in quotes")
        return str(node.value)
