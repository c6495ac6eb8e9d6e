"""Words that are bytes of UTF-8 for certain and cannot be read, since too much of them is gone: they are pointed out.

So most lines of Chinese, whose letters are three bytes each and stand without spaces, when a codec loses a third of
these bytes. What is left of a letter begins with its lead, and several letters are whole. Not here: words that can be
read (``lost``), of which some letter may be left as well.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from unicodedata import category

from pipeline.repair.channels import CODECS, ROLES, Codec, decode_utf8, masks
from pipeline.repair.model import Repair
from pipeline.repair.plausible import shape

_SHORTEST: Final = 6  # characters of a word that can show it
_WHOLE: Final = 2  # letters of three bytes that are whole, where several bytes of others are gone
_LEADS: Final = 5  # leads of three bytes, where none is whole
_SIGNS: Final = 6  # one character of so many is none that words are written with
_TRIED: Final = 3  # codecs, the commonest first
_ASIAN: Final = frozenset({"CJK", "HANGUL", "THAI", "DEVANAGARI", "BENGALI", "TAMIL", "GEORGIAN", "KHMER", "ETHIOPIC"})
_EVIDENCE: Final = "letters of three bytes that were read as one codec, of which too many bytes are gone to read it"


def pointed_out(word: str, start: int) -> list[Repair]:
    """The record of such a word, which begins at a place of its line; empty for any other."""
    codec = wrecked(word)
    if not codec:
        return []
    return [
        Repair(start, start + len(word), word, word, "mojibake", f"utf-8>{codec}", "unresolved", 0.0, (), _EVIDENCE)
    ]


def touched(repairs: Iterable[Repair], one: Repair) -> bool:
    """Whether other repairs touch the span of one."""
    return any(other.start < one.end and one.start < other.end for other in repairs)


@lru_cache(maxsize=16384)
def wrecked(word: str) -> str:
    """The codec that a word was read as of which too much is gone; empty for one that nothing shows to be such."""
    if len(word) < _SHORTEST or word.isascii():
        return ""
    strange = sum([category(char)[0] not in "LM" for char in word])
    if strange * _SIGNS < len(word):
        return ""
    return next((codec.name for codec in _readers(word) if _shown(word, codec)), "")


def _readers(word: str) -> list[Codec]:
    """The first of the codecs that read bytes as all of its characters."""
    table, able = masks().bytes, -1
    for char in word:
        able &= -1 if char < "\x80" or char == "\ufffd" else table.get(ord(char), 0)
        if not able:
            return []
    return [codec for place, codec in enumerate(CODECS) if able >> place & 1][:_TRIED]


def _shown(word: str, codec: Codec) -> bool:
    """Whether a codec reads all of it as letters, some of which are whole and of one script of Asia."""
    roles = word.translate(codec.roles)
    if _LETTERS.fullmatch(roles) is None:
        return False
    data = [codec.encode(word[match.start() : match.end()]) for match in _WHOLE_LETTER.finditer(roles)]
    texts = [decode_utf8(one) if one is not None else None for one in data]
    scripts = [shape(text).script for text in texts if text is not None]
    known = sum([script in _ASIAN for script in scripts])
    # Of kana the second byte is a control in many codecs, so that none is whole.
    if known < _WHOLE and not any(map(str.isascii, word)):
        return len(_LEAD_OF_THREE.findall(roles)) >= _LEADS
    return known >= _WHOLE and len(set(filter(None, scripts))) == 1


def _class(role: int) -> str:
    """The characters that stand for a role in words that ``Codec.roles`` has translated."""
    return "[" + "".join(re.escape(chr(number)) for number in range(1, 0x20) if number & role) + "]"


_REST, _, _TWO, _THREE, _FOUR = (_class(role) for *_, role in ROLES)
_GAP: Final = rf"(?:{_REST}|\ufffd)"
_LETTERS: Final = re.compile(
    rf"(?:[\x20-\x7f]|{_FOUR}{_GAP}{{0,3}}|{_THREE}{_GAP}{{0,2}}|{_TWO}{_GAP}?|{_class(2)}{_REST}|\ufffd)++"
)
_WHOLE_LETTER: Final = re.compile(f"{_THREE}{_REST}{_REST}")
_LEAD_OF_THREE: Final = re.compile(f"{_THREE}{_REST}")
