"""What the members of an archive are called and why one is not read, the same for every kind of archive."""

import re
from dataclasses import dataclass
from typing import Any, Final

from pipeline.ingest import bounds
from pipeline.ingest.names import key_of

_SEPARATOR: Final = re.compile(rb"[/\\]")  # of Windows too, when somebody else unpacks the archive

_ABSOLUTE: Final = re.compile(rb"[/\\]|[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: its name inside the archive, unique and printable, and why it cannot be read if it cannot.

    ``place`` is what the archive's reader needs to find it.
    """

    name: str
    place: Any
    problem: str | None = None
    note: str | None = None


class Names:
    """Makes the entries of one archive and gives each a name of its own."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def entry(self, raw: bytes, place: object, problem: str | None, note: str | None = None) -> Entry | None:
        """The entry of a member by the bytes of its name; None for hidden ones, as in the raw folder.

        A name that leads out of the archive is refused: nothing is written, but others may write by it. Of several
        members with one name each is read, the second as ``name#2``.
        """
        parts = [key_of(part) for part in raw.split(b"/") if part not in {b"", b"."}]
        if b".." in _SEPARATOR.split(raw) or _ABSOLUTE.match(raw):
            problem = "has a name that leads out of the archive; pack it again under a plain name"
            parts = [key_of(raw)]
        elif any(part.startswith(".") or part == "__MACOSX" for part in parts):
            return None
        name = "/".join(parts) or "(no name)"
        count = self._seen[name] = self._seen.get(name, 0) + 1
        if count == 1:
            return Entry(name, place, problem, note)
        while f"{name}#{count}" in self._seen:
            count += 1
        self._seen[name], self._seen[f"{name}#{count}"] = count, 1
        again = f"the archive has {name} more than once; this is number {count}"
        return Entry(f"{name}#{count}", place, problem, "; ".join(filter(None, (again, note))))


def oversize(size: int) -> str | None:
    """Why a member of ``size`` bytes is not read, or None when it may be."""
    if size <= bounds.MAX_UNPACKED_BYTES:
        return None
    return (
        f"unpacks to more than {bounds.MAX_UNPACKED_BYTES} bytes (MAX_UNPACKED_BYTES); split it into smaller files, "
        "or raise the bound if you trust it"
    )


def overpacked(size: int, packed: int) -> str | None:
    """Why ``packed`` bytes that have become ``size`` are unpacked no further, or None."""
    if size <= max(bounds.RATIO_FREE_BYTES, bounds.MAX_RATIO * packed):
        return None
    return (
        f"unpacks to more than {bounds.MAX_RATIO} times its size (MAX_RATIO), as no text does; unpack it by hand if "
        "you trust it"
    )


def too_many(kind: str) -> str:
    """Why an archive is not read whose members are too many."""
    return (
        f"the {kind} archive has more than {bounds.MAX_MEMBERS} members (MAX_MEMBERS); make several smaller archives "
        "of it, or unpack it into a folder"
    )
