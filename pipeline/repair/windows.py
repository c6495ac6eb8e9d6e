r"""Windows punctuation that was read as Latin-1: C1 characters that are quotes, dashes and ellipses.

The bytes 0x80 to 0x9F are controls that nobody types in Latin-1 and punctuation in windows-1252, so a lone C1 character
where a quote belongs is one. Among other damage it may as well be half of a letter, and is left. Not here: C1
characters as parts of UTF-8 (``mend``).
"""

import re
from typing import Final

from ftfy.badness import is_bad

from pipeline.repair.model import Mended, Repair, apply_repairs

_C1: Final = re.compile("[\x80-\x9f]")
# Each where it belongs: opening marks before a word, closing ones behind (German ones
# are the opening ones of English), dashes between spaces, an apostrophe inside.
_IN_PLACE: Final = re.compile(
    "(?:(?<=^)|(?<=[\\s(\\[]))[\x82\x84\x8b\x91\x93\x95](?=\\w)"
    "|(?<=[\\w.,;:!?)\x85])[\x91-\x94\x9b](?=[\\s.,;:!?)\\]]|$)"
    "|(?<=[a-z])\x92(?=(?:s|t|d|m|ll|re|ve)\\b)"
    "|(?<=[\\w’”)])\x85(?=[\\s\x94\x92]|$)"
    "|(?<=\\s)[\x95\x96\x97](?=\\s)"
)
_LOSS: Final = re.compile("\ufffd|\\w\\?\\w|\\?\\?")
_READ: Final = "a quote, dash or ellipsis of windows-1252 was read as Latin-1"


def windows_punctuation(text: str) -> Mended:
    """C1 characters that are windows-1252 punctuation as what they are; text with any other damage stays whole."""
    found = _C1.findall(text)
    if not found or _LOSS.search(text):
        return Mended(text)
    places = list(_IN_PLACE.finditer(text))
    if len(places) != len(found):
        return Mended(text)
    repairs = [
        Repair(m.start(), m.end(), m[0], m[0].encode("latin-1").decode("cp1252"), "mojibake", "cp1252>latin-1",
               "exact", 0.99, (), _READ)
        for m in places
    ]  # fmt: skip
    mended = apply_repairs(text, repairs)
    return Mended(text) if is_bad(mended.text) else mended
