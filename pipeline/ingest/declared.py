"""What a text says of its own encoding: HTML, XML, mail headers and notes for editors. It may be wrong."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

_HEAD: Final = 4096  # bytes; where HTML (1024), XML and editors look for a declaration
_DECLARATIONS: Final = (
    re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE),
    re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE),
    # a header of a mail or of HTTP, which may be folded
    re.compile(
        rb"""^content-type:[^\r\n]{0,200}(?:\r?\n[ \t][^\r\n]{0,200})?charset\s*=\s*["']?([\w.:-]+)""",
        re.IGNORECASE | re.MULTILINE,
    ),
    # in the first two lines, as in PEP 263
    re.compile(rb"\A(?:[^\r\n]*(?:\r\n|\r|\n))?[^\r\n]{0,200}?coding[:=][ \t]*([\w.-]+)"),
)
# Labels that mean another codec on the web (WHATWG Encoding Standard, "Names and labels").
_WEB_LABELS: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gbk",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_PRINTABLE: Final = bytes(range(0x20, 0x7F))


@dataclass(frozen=True, slots=True)
class Declaration:
    """The name that a text gives its encoding, the byte where it stands, and Python's codec for it if there is one."""

    label: str
    place: int
    codec: str | None

    def broken(self, truth: str) -> str:
        """The note on a declaration that the bytes contradict."""
        return f"says at byte {self.place} that it is {self.label}, which its bytes are not; it is read as {truth}"


def declaration(data: bytes) -> Declaration | None:
    """The declaration in the head of a text, or None where there is none.

    ``codec`` is None when no codec has the name, or ASCII is not ASCII in it, as it is in the declaration itself.
    """
    head = data[:_HEAD]
    small = head.lower()
    if b"charset" not in small and b"coding" not in small:
        return None
    for pattern in _DECLARATIONS:
        if match := pattern.search(head):
            label = match[1].decode("ascii", "replace")
            return Declaration(label, match.start(1), _codec(label))
    return None


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
        name = _WEB_LABELS.get(name, name)
        return name if _PRINTABLE.decode(name) == _PRINTABLE.decode("ascii") else None
    except (LookupError, UnicodeError, ValueError):  # no codec of that name, or none for text
        return None
