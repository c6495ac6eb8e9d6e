"""Where a damaged word ends: at the space behind it, or further on since that space was one of its bytes.

The byte 0xA0 became a space; before another space the two became one, and the word ends there (``voilà le``), else the
word goes on behind it (``às``). Not here: which letter it was (``lost``, ``guess``).
"""

import re
from collections.abc import Sequence
from typing import Final

from pipeline.repair.invert import readings
from pipeline.repair.letters import letter_model, lowered
from pipeline.repair.nearby import Nearby

_LOOSE_SPACE: Final = 5.0  # how odd a space before a comma, a space or a line's end is, nats
_LOOSE: Final = re.compile(r"[,.;:)\] ]|-\w|$")
_TAIL: Final = re.compile(r" ([A-Za-z\x80-\U0010ffff]+)")
_ELIDED: Final = re.compile(r" (?:[cdjlmnst]|qu)(?:['’]|вЂ™|â€™)")
_LONE_LETTER: Final = re.compile(r" [b-df-hj-np-tv-xz](?![\w'’\x80-\U0010ffff])")
_LONE: Final = 5.0
_WORD_OF_TWO: Final = 4.0  # nats that it says that a word made of two is in the lexicon
_NO_WORD_OF_TWO: Final = 1.5  # and that it is not
_IN_SENTENCES: Final = 0.6  # how much sure a word is of its own among words in small letters
_MERGED: Final = 1.0  # nats that it costs that two spaces became one
_GLUED: Final = 9.0  # and that two words are set without a space
_MARK_BEHIND: Final = 1.5  # and that a question mark right behind a damaged word is only that


def behind(line: str, end: int, ends: Sequence[int]) -> str:
    """The word behind a space at which a span may end, where a longer end takes it in; empty where none does."""
    tail = _TAIL.match(line, end) if len(ends) > 1 and end < ends[-1] else None
    return tail[1] if tail is not None else ""


def seam(line: str, end: int, ends: Sequence[int], word: str, around: Nearby, rest: float = 0.0) -> float:
    """Nats that what stands around the end of a span adds to its gain, when it is read as ``word``.

    ``ends`` are all ends that the span may have, ascending; ``around`` is what the neighbouring words are like;
    ``rest`` is what the word ``behind`` gains when it is read as one that lost bytes of its own.
    """
    known = letter_model().known(lowered(word)) > 0
    if end > ends[0]:
        if line[end - 1] == " ":
            glued = line[end : end + 1].isalnum()
            return _LOOSE_SPACE if _LOOSE.match(line, end) else -_GLUED * glued
        return (_WORD_OF_TWO if known else -_NO_WORD_OF_TWO) - _LOOSE_SPACE * (_ELIDED.match(line, ends[0]) is not None)
    tail = behind(line, end, ends)
    if not tail:
        return -_MARK_BEHIND * (len(ends) > 1 and line[end : end + 1] == "?")
    # Damage of its own in what a longer end takes in speaks for no end; one letter is hardly ever a word.
    found = readings(tail) if not tail.isascii() else ()
    worth = max(rest, found[0].gain if found else 0.0)
    first = found[0].text[:1] if found and found[0].gain > 0 else tail[:1]
    worth -= max(0.0, around.capitals) * (first.islower() and not tail.isascii())
    worth += _IN_SENTENCES * max(0.0, -around.capitals) if known else 0.0
    return worth - _LONE * (_LONE_LETTER.match(line, end) is not None) - _MERGED
