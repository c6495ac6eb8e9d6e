"""Bytes lost in East Asian codecs: those that the codec could not pair came out as U+FFFD or as a question mark.

Such a codec reads two bytes as one character, so what is left of a letter may stand in the character of the next one,
or have swallowed an ASCII letter. Each run is turned to bytes with gaps; whatever makes them UTF-8 and is read by
the codec as just this run may have stood there. Not here: which it was (``lost``), codecs of one byte (``gaps``).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import Final

from pipeline.repair.channels import Codec, decode_utf8
from pipeline.repair.gaps import LOSS, Option, Sequence
from pipeline.repair.plausible import likely

_RUN: Final = re.compile(r"[^A-Za-z]+")
_GAP: Final = re.compile("[?\ufffd]")
_MOST_GAPS: Final = 2  # bytes that one run may have lost
_LEADS: Final = range(0xC3, 0xF0)
_RESTS: Final = range(0x80, 0xC0)


def parsed_wide(word: str, codec: Codec) -> tuple[Sequence, ...] | None:
    """The runs of a word that lost bytes in a codec of two; None where it cannot have yielded it or nothing is lost."""
    found = []
    for match in _RUN.finditer(word):
        texts = _readings(match[0], codec)
        if not texts:
            return None
        lost = len(_GAP.findall(match[0]))
        found.append(Sequence(match.start(), match.end(), tuple(Option(text, LOSS * lost) for text in texts), lost > 0))
    return tuple(found) if any(sequence.lost for sequence in found) else None


@lru_cache(maxsize=4096)
def _readings(run: str, codec: Codec) -> tuple[str, ...]:
    """The texts that a run can have been."""
    pieces = _GAP.split(run)
    known = [codec.encode(piece) for piece in pieces]
    gaps = len(pieces) - 1
    if None in known or gaps > _MOST_GAPS:
        return ()
    parts = [piece or b"" for piece in known]
    texts: dict[str, None] = {}
    for bytes_ in product(*(_fitting(parts, place) for place in range(gaps))):
        data = parts[0] + b"".join(bytes([byte]) + part for byte, part in zip(bytes_, parts[1:], strict=True))
        text = decode_utf8(data)
        if text is None or (gaps and not all(likely(char) for char in text if char > "\x7f")):
            continue
        if _GAP.sub("\ufffd", run) == data.decode(codec.name, "replace"):
            texts[text] = None
    return tuple(texts)


def _fitting(parts: list[bytes], gap: int) -> Iterator[int]:
    """The bytes that a gap can have held: the rest of a letter where a lead stands before it, else a lead."""
    before = parts[gap]
    if before and before[-1] >= 0x80:
        yield from _RESTS
    if parts[gap + 1][:1] and 0x80 <= parts[gap + 1][0] < 0xC0:
        yield from _LEADS
