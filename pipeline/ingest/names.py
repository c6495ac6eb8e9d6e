r"""Names of files as keys: any bytes of a name become printable UTF-8, and the key gives the bytes back.

A name is what its bytes say as UTF-8. What would do harm on a terminal or in a table is written as ``\xNN``, byte by
byte: bytes that are not UTF-8, control characters, line separators and controls of writing direction. A backslash
that such a sequence could be read into is written ``\x5c``, so two names never share a key.
"""

import re
import unicodedata
from typing import Final

ARCHIVE_MARK: Final = "!/"
"""Between an archive and its member, as in the ``jar:`` addresses of Java: ``archive.zip!/folder/name.txt``."""

_DIRECTIONS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HARMFUL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_ESCAPE: Final = re.compile(rb"\\x([0-9a-f]{2})")
_LOOKS_ESCAPED: Final = re.compile(r"\\(?=x[0-9a-f]{2})")


def key_of(name: bytes) -> str:
    """The key of a name, printable and valid as UTF-8."""
    text = name.decode("utf-8", "surrogateescape")
    if text.isascii() and text.isprintable() and "\\" not in text:  # as nearly all are
        return text
    return r"\x5c".join("".join(map(_shown, part)) for part in _LOOKS_ESCAPED.split(text))


def name_of(key: str) -> bytes:
    """The bytes of the name behind a key."""
    if "\\" not in key:
        return key.encode("utf-8", "surrogateescape")
    return _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), key.encode("utf-8", "surrogateescape"))


def printable(text: str) -> str:
    r"""Text that a terminal shows and does not obey: escapes, controls and turns of direction as ``\xNN``.

    Tabs and line feeds stay.
    """
    if text.isprintable():  # as nearly all is, and nothing that is written as \xNN
        return text
    return "".join(char if char in "\t\n" else _shown(char) for char in text)


def _shown(char: str) -> str:
    if char.isascii() and char.isprintable():
        return char
    if unicodedata.category(char) in _HARMFUL or char in _DIRECTIONS:
        return "".join(f"\\x{byte:02x}" for byte in _bytes(char))
    return char


def _bytes(char: str) -> bytes:
    """The bytes of a character; of half a pair of UTF-16 those that UTF-8 would have, were it allowed there."""
    if "\udc80" <= char <= "\udcff":
        return char.encode("utf-8", "surrogateescape")
    return char.encode("utf-8", "surrogatepass")
