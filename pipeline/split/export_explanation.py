"""How an export is read, told for a person at a terminal: its format, and the entry, role and field of every value."""

from collections.abc import Iterator
from typing import Final

from pipeline.exports import BROKEN, TEXT, Value, format_of, read_format
from pipeline.split.export_roles import meanings

_SHOWN: Final = 60


def explain_export(text: str) -> Iterator[str] | None:
    """Lines of text about a decoded file that is an export; None when it is plain text, which layouts explain."""
    name = format_of(text.replace("\r\n", "\n").replace("\r", "\n"))
    return None if name == TEXT else _lines(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _lines(name: str, text: str) -> Iterator[str]:
    export = read_format(text, name)
    cut = ", and the file is cut inside its last one" if export.cut else ""
    yield f"chosen: {name}, an export of {len(export.entries)} entries; {len(export.broken)} blocks are broken{cut}"
    yield ""
    roles = _roles(name, export.values)
    line, place = 1, 0
    for number, value in enumerate(export.values):
        line, place = line + text.count("\n", place, value.start), value.start
        entry = "" if value.entry is None else str(value.entry + 1)
        cut_text = value.text if len(value.text) <= _SHOWN else f"{value.text[: _SHOWN - 1]}…"
        role = roles.get(number, _outside(value))
        yield f"{line:>6} {entry:>4} {role:<11} {cut_text:<{_SHOWN}}  {value.field}".rstrip()


def _roles(name: str, values: tuple[Value, ...]) -> dict[int, str]:
    entries: dict[int, list[int]] = {}
    for number, value in enumerate(values):
        if value.entry is not None:
            entries.setdefault(value.entry, []).append(number)
    return {
        number: meaning.role
        for numbers in entries.values()
        for number, meaning in zip(
            numbers, meanings(name, [values[n].field for n in numbers], [values[n].text for n in numbers]), strict=True
        )
    }


def _outside(value: Value) -> str:
    return "broken" if value.field == BROKEN else "chrome"
