"""Which codec turns the bytes of a file into text, and how that is known.

Evidence in this order: byte order mark, the zero bytes of UTF-16 and UTF-32, valid UTF-8, a declaration inside the
text, statistics of legacy codecs (in ``legacy``). Text that is mojibake but valid UTF-8 is UTF-8: mending it is the
next stage's work.
"""

import codecs
import re
from typing import Final

from pipeline.ingest.legacy import decodes, detect
from pipeline.ingest.reading import BOMS

# Beyond this share of control characters a file is no text: random bytes have 28 of 256, 11 %.
MAX_CONTROLS: Final = 0.02
# UTF-8 with some broken characters is still UTF-8. Legacy text forms a valid sequence by accident only now and then.
VALID_FOR_EACH_BROKEN: Final = 10
_HEAD: Final = 4096  # bytes; where HTML (1024), XML and editors look for a declaration
_DECLARATIONS: Final = (
    re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE),
    re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE),
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
# The well-formed byte sequences of the Unicode Standard, table 3-7, or one byte that is part of none.
_UTF8_PIECES: Final = re.compile(
    rb"(?P<good>[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]"
    rb"|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})|[\x80-\xff]"
)
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class NoTextError(Exception):
    """Bytes that no codec makes a text of; the message says what they look like and what to do."""


def encoding_of(data: bytes) -> tuple[str, str]:
    """The codec of unpacked bytes, by Python's name, and how it is known: "bom", "valid", "declared" or "detected".

    Raises NoTextError when the bytes are binary.
    """
    marked = next((name for name, mark in BOMS.items() if data.startswith(mark)), None)
    if marked and _is_text(data.decode(marked, "replace")):
        return marked, "bom"
    if b"\x00" in data:
        wide = _wide_without_mark(data)
        if wide is None:
            raise NoTextError(
                f"is binary: it has {data.count(0)} zero bytes, the first at byte {data.index(0)}; if it is a text "
                "all the same, remove them (tr -d '\\000') or save it as UTF-8"
            )
        return wide, "detected"
    encoding, known = _one_byte_unit(data)
    if not _is_text(data.decode(encoding, "replace")):
        raise NoTextError(
            "is binary: more than two of a hundred characters are control characters; if it is a text all the same, "
            "save it as UTF-8"
        )
    return encoding, known


def _one_byte_unit(data: bytes) -> tuple[str, str]:
    """The codec of bytes in which ASCII is ASCII."""
    error = _utf8_error(data)
    if error is None:
        return "utf-8", "valid"
    cut = error.end == len(data) and error.reason == "unexpected end of data"
    good, broken = _count_utf8(data)
    if cut and good:
        return "utf-8", "valid"
    declared = _declared(data)
    if declared and good < VALID_FOR_EACH_BROKEN * broken:
        return declared, "declared"
    if cut:
        return "utf-8", "valid"
    if good >= VALID_FOR_EACH_BROKEN * broken:
        return "utf-8", "detected"
    legacy = detect(data)
    if legacy is None:
        raise NoTextError("is binary, or in an encoding that nobody here knows; save it as UTF-8")
    return legacy, "detected"


def _utf8_error(data: bytes) -> UnicodeDecodeError | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error
    return None


def _count_utf8(data: bytes) -> tuple[int, int]:
    """Valid sequences of UTF-8 beyond ASCII, and bytes beyond ASCII that are part of none."""
    good = broken = 0
    for match in _UTF8_PIECES.finditer(data):
        if match["good"]:
            good += 1
        else:
            broken += 1
    return good, broken


def _declared(data: bytes) -> str | None:
    """The codec that the text names, if there is such a codec, ASCII is ASCII in it, and it decodes every byte."""
    for pattern in _DECLARATIONS:
        match = pattern.search(data[:_HEAD])
        if match is None:
            continue
        name = match[1].decode("ascii", "replace")
        try:
            name = codecs.lookup(name).name
            name = _WEB_LABELS.get(name, name)
            if _PRINTABLE.decode(name) == _PRINTABLE.decode("ascii") and decodes(data, name):
                return name
        except (LookupError, UnicodeError):  # no codec of that name, or none for text
            continue
    return None


def _wide_without_mark(data: bytes) -> str | None:
    """UTF-16 or UTF-32 by its zero bytes: in text of Latin letters they all stand at the same place of the code
    units.
    """
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        whole = data[: len(data) - len(data) % width]
        if whole and decodes(whole, name) and _is_written(whole.decode(name), len(data)):
            return name
    return None


def _is_written(text: str, size: int) -> bool:
    """Text in which white space and letters are where a reader expects them; numbers in binary files have no such
    place.
    """
    plain = sum(1 for char in text if char.isascii() and (char.isprintable() or char in "\t\r\n"))
    return "\x00" not in text and _is_text(text) and size >= 4 and plain * 2 >= len(text)


def _is_text(text: str) -> bool:
    if "\x00" in text:
        return False
    odd = len(_CONTROLS.findall(text)) + text.count("\ufffd")
    return odd <= max(1, MAX_CONTROLS * len(text))
