"""What a contract promised when it was last published, and which changes since then break a reader.

``published.json`` in this package holds the contracts of the last release; each published set of tables holds its own.
A change that breaks needs a new major version, any other change of a promise a new version (semver.org). Not here: the
files (``pipeline.publish``, and ``palimpsest contracts`` that writes this package's).
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from schemas.arrow import type_name
from schemas.contract import Table

Snapshot = Mapping[str, Any]
"""A table's promises as plain values: version, key, columns, rules, bounds."""

_LOWER, _UPPER = ("min_value",), ("max_value",)


def snapshot(table: Table) -> Snapshot:
    """The promises of a contract as plain values."""
    columns = {f.name: {"type": type_name(f.type), "nullable": f.nullable} for f in table.arrow_schema}
    rules = {
        rule.name: {"says": rule.says, "severity": rule.severity, "columns": list(rule.columns), "terms": rule.terms}
        for rule in table.rules
    }
    return {
        "version": table.version,
        "key": list(table.key),
        "bounds": {"warning": table.bounds.warning, "fatal": table.bounds.fatal},
        "columns": columns,
        "rules": rules,
    }


def snapshots(tables: Iterable[Table]) -> str:
    """The promises of several contracts as JSON, the same text for the same contracts."""
    promises = {table.name: snapshot(table) for table in tables}
    return json.dumps(promises, ensure_ascii=True, indent=1, sort_keys=True) + "\n"


def last_published() -> str:
    """The contracts of the last release, as JSON."""
    return files("schemas").joinpath("published.json").read_text(encoding="utf-8")


def objections(tables: Iterable[Table], published: Mapping[str, Snapshot]) -> list[str]:
    """Changes since the contracts were published that the versions do not own up to; an empty list means none.

    Each names table, column and change, and the version to give.
    """
    now = {table.name: json.loads(json.dumps(snapshot(table))) for table in tables}
    found = [
        f"table {name}: it is gone; keep it, or publish to another folder" for name in published if name not in now
    ]
    for name, new in now.items():
        old = published.get(name)
        if old is None or old == new:
            continue
        was, is_ = _version(old), _version(new)
        breaking = list(breaks(old, new))
        if breaking and is_[0] <= was[0]:
            found += [
                f"table {name}: {change}; that breaks readers: make it version {was[0] + 1}.0.0" for change in breaking
            ]
        elif is_ <= was:
            changed = ", ".join(_changed(old, new))
            found.append(
                f"table {name}: {changed} changed since version {old['version']}: make it {was[0]}.{was[1] + 1}.0"
            )
    return found


def breaks(old: Snapshot, new: Snapshot) -> Iterator[str]:
    """Changes after which a reader of the old contract may meet what it was promised not to meet, in words."""
    if old["key"] != new["key"]:
        yield f"the key was ({', '.join(old['key'])}) and is ({', '.join(new['key'])})"
    if new["bounds"]["fatal"] > old["bounds"]["fatal"]:
        yield f"{new['bounds']['fatal']:.2%} of the rows may be refused, and were at most {old['bounds']['fatal']:.2%}"
    for name, was in old["columns"].items():
        is_ = new["columns"].get(name)
        if is_ is None:
            yield f"column {name} is gone"
            continue
        if was["type"] != is_["type"]:
            yield f"column {name} was {was['type']} and is {is_['type']}"
        if is_["nullable"] and not was["nullable"]:
            yield f"column {name} may be null now"
    for name, was in old["rules"].items():
        if set(was["columns"]) & (set(old["columns"]) - set(new["columns"])) and len(was["columns"]) == 1:
            continue  # said of the column
        yield from _rule_breaks(name, was, new["rules"].get(name))


def _rule_breaks(name: str, was: Snapshot, is_: Snapshot | None) -> Iterator[str]:
    of = f"column {', '.join(was['columns'])}: " if len(was["columns"]) == 1 else ""
    if is_ is None:
        if not name.endswith("__not_null"):  # said of the column
            yield f"{of}rule {name} is gone ({was['says']})"
        return
    if was["severity"] != "warn" and is_["severity"] == "warn":
        yield f"{of}rule {name} only warns now"
    old, new = was["terms"], is_["terms"]
    more = [value for value in new.get("allowed_values", []) if value not in old.get("allowed_values", [])]
    if more:
        yield f"{of}rule {name} allows {', '.join(map(repr, more))} too"
    for term in sorted({*old, *new} - {"allowed_values"}):
        if _looser(term, old.get(term), new.get(term)):
            yield f"{of}rule {name}: {term} was {old.get(term)!r} and is {new.get(term)!r}"
    if not old and not new and was["says"] != is_["says"]:
        yield f"{of}rule {name} said {was['says']!r} and says {is_['says']!r}"


def _looser(term: str, old: Any, new: Any) -> bool:
    if old is None or old == new:
        return False
    if new is None:
        return True
    if term in _LOWER:
        return bool(new < old)
    return bool(new > old) if term in _UPPER else True


def _changed(old: Snapshot, new: Snapshot) -> list[str]:
    """Names of the columns and rules that differ, and of other promises."""
    parts = [part for part in ("key", "bounds") if old[part] != new[part]]
    for part in ("columns", "rules"):
        names = sorted({*old[part], *new[part]})
        parts += [f"{part[:-1]} {name}" for name in names if old[part].get(name) != new[part].get(name)]
    return parts


def _version(promises: Snapshot) -> tuple[int, ...]:
    text = promises["version"]
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", text):
        raise ValueError(f"version {text!r}: write it as major.minor.patch, for example 1.0.0")
    return tuple(map(int, text.split(".")))
