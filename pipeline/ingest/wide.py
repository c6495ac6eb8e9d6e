"""UTF-16 and UTF-32 without a byte order mark, told by what the bytes say when they are read so."""

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

from pipeline.ingest.legacy import decodes

_SAMPLE: Final = 4096  # characters; more of them say no more
_ENOUGH: Final = 0.8
_FEW: Final = 12  # characters that may be of one script by accident
CONTROLS: Final = bytes([*range(9), *range(14, 32), 127])
_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "IDEOGRAPHIC", "FULLWIDTH"})


def wide_without_mark(data: bytes) -> str | None:
    """The wide codec that makes a text of the bytes, or None.

    UTF-32 has so many impossible code units that decoding is proof. Most pairs of bytes are a character of UTF-16;
    there the text must be of one script, with the white space and signs of ASCII. Bytes behind the last whole unit
    are not asked.
    """
    for name in ("utf-32-le", "utf-32-be"):
        whole = data[: len(data) // 4 * 4]
        if len(whole) >= 8 and decodes(whole, name):
            return name
    whole = data[: len(data) // 2 * 2]
    scores = {name: _score(whole.decode(name)) for name in ("utf-16-le", "utf-16-be") if decodes(whole, name)}
    best = max(scores, key=lambda name: scores[name], default=None)
    return best if best and len(whole) >= 4 and scores[best] >= _ENOUGH else None


def control_share(data: bytes) -> float:
    """The share of control characters among bytes, tab and line ends not counted. Random bytes have 11 %."""
    return 1 - len(data.translate(None, CONTROLS)) / len(data) if data else 0.0


def _score(text: str) -> float:
    """The share of characters that belong together; ideographs less than others, since most pairs of bytes are one."""
    kinds = Counter(map(_kind, text[:_SAMPLE]))
    if 2 * kinds["plain"] >= kinds.total() and not kinds["control"]:
        return 0.9 + 0.1 * kinds["plain"] / max(1, kinds.total())
    if kinds["wrong"] or kinds["control"] or (kinds.total() < _FEW and not kinds["plain"]):
        return 0.0
    (script, count), *_ = Counter({kind: n for kind, n in kinds.items() if kind != "plain"}).most_common(1) or [("", 0)]
    return (kinds["plain"] + count * (0.9 if script == "EAST ASIAN" else 1.0)) / max(1, kinds.total())


@lru_cache(maxsize=65536)
def _kind(char: str) -> str:
    if char.isascii():
        return "plain" if char.isprintable() or char in "\t\r\n" else "control"
    if unicodedata.category(char) in {"Cn", "Co", "Cc", "Cs"}:
        return "wrong"
    script = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
    return "EAST ASIAN" if script in _EAST_ASIAN else script
