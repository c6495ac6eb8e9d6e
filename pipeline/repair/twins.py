"""What the files of a corpus tell one another: undamaged words that damaged ones in other files may be.

A word that lost a letter kept the others, so it has the shape of its undamaged twin: its small letters, with one sign
for each that is outside ASCII. Each file says which shapes it asks for, and which words it has; that is a small table
a file (``file_words``). Files that ask are mended once more with the twins that they get. They do not vote for one
another's channels: that would gain little, and each new file would change how all others are read. Not here: what a
twin is worth (``lost``).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.repair.letters import lowered
from pipeline.repair.model import Mended
from pipeline.repair.places import heads, marked
from pipeline.repair.prefilter import TOP, Marks, points_of
from schemas.registry import KEPT

_GAP: Final = "?"  # in a shape, a letter outside ASCII, as the codec of ASCII replaces it
_OPEN: Final = "\ue000"  # in a text, a span of which nobody is sure
_LETTER: Final = re.compile("[^\\W\\d_]")
_WORD: Final = re.compile("[^\\W\\d_]{4,}")
_BLANKS: Final = re.compile("[\x00- ]+")
# From the first letter of the word on, so that a long word without a damaged place is gone over once.
_DAMAGED: Final = re.compile(f"(?<![^\\W\\d_])[^\\W\\d_]*+{_OPEN}(?:[^\\W\\d_]|{_OPEN})*+")
_TAIL: Final = re.compile(f" ([^\\W\\d_]++)(?!{_OPEN})")
_SHORTEST: Final = 4  # letters of a word that tells something
_FEWEST_KEPT: Final = 2  # of them in ASCII, without which any word fits
_MOST: Final = 20_000  # words of one file, and shapes that it asks for
_MOST_TWINS: Final = 16  # of one shape; so many tell nothing


class FileWords(NamedTuple):
    """Columns of ``file_words``: words that stand undamaged, and shapes of some that lost bytes, without a word."""

    shape: list[str]
    word: list[str | None]
    damaged: list[bool]


def undamaged(files: Iterable[Sequence[Mended]]) -> frozenset[str]:
    """The words with a letter outside ASCII that stand undamaged in mended files, or were read without a loss.

    What ``mend_file`` takes as ``known`` when the files of a corpus are mended once more.
    """
    return frozenset(word for lines in files for word in _intact(lines))


def _intact(lines: Sequence[Mended], least: int = 0) -> set[str]:
    """The undamaged words with a letter outside ASCII; with ``least`` in ASCII, as far as these are small letters."""
    texts = [
        text
        if not repairs or all(repair.certainty == "exact" for repair in repairs)
        else _DAMAGED.sub(" ", _opened(Mended(text, repairs))[0])
        for text, repairs in lines
        if not text.isascii()
    ]
    text = "\n".join(("", *texts, ""))
    found = _foreign_words(text, least)
    if least and _cased(text):
        # Small letters of these are in ASCII, so the word may be short of letters that it will have.
        words = [word for run in _BLANKS.split(text) if _cased(run) and _in_ascii(run) >= least
                 for word in _WORD.findall(run)]  # fmt: skip
        found.update([word for word in words if _cased(word) and _in_ascii(lowered(word)) >= least])
    return found


def _foreign_words(text: str, least: int) -> set[str]:
    """The distinct words of a text that begins and ends with a line feed; all are told at once, most are in ASCII."""
    points = points_of(text)
    inside = _letters().take(points)
    for place in marked(points == TOP - 1).tolist():
        inside[place] = _LETTER.match(text[place]) is not None
    edges = marked(inside[1:] != inside[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    beyond = points > 0x7F
    # A word with letters of both kinds goes from one to the other somewhere.
    told = inside[1:] & inside[:-1] & (beyond[1:] != beyond[:-1]) if least else inside & beyond
    word = starts.searchsorted(marked(told), "right") - 1
    word = word[heads(word)]
    starts, ends = starts[word], ends[word]
    places, size = marked(beyond), ends - starts
    foreign = places.searchsorted(ends) - places.searchsorted(starts)
    chosen = (size >= _SHORTEST) & (size - foreign >= least)
    return {text[start:end] for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)}


@lru_cache(maxsize=1)
def _letters() -> Marks:
    """For each code point whether it is a letter of a word; the last stands for all beyond, and is none."""
    every = "".join(map(chr, range(TOP - 1)))
    marks = np.zeros(TOP, np.bool_)
    for match in _LETTER.finditer(every):
        marks[match.start() : match.end()] = True
    return marks


def _cased(text: str) -> bool:
    """Whether a text has a capital outside ASCII whose small letter is in it."""
    return "İ" in text or "\u212a" in text


def _in_ascii(text: str) -> int:
    """How many characters of a text are in ASCII."""
    return len(text.encode("ascii", "ignore"))


def file_words(lines: Sequence[Mended]) -> FileWords:
    """What the mended lines of one file, mended alone, have, and what they ask for.

    They ask for words that nobody can read. One that is read by inference would rarely be read better, and sometimes
    worse, like another person's name.
    """
    # Of all words at once, not of each; nearly all of another script than Latin tell nothing.
    own = sorted(set(lowered("\n".join(_intact(lines, _FEWEST_KEPT))).split()))[:_MOST]
    shapes = shape_of("\n".join(own)).split("\n") if own else []
    left = [line for line in lines if line.repairs and any(one.certainty == "unresolved" for one in line.repairs)]
    asked = sorted({shape for line in left for shape in _asked(*_opened(line)) if _tells(shape)})
    asked = asked[:_MOST]
    damaged = [False] * len(own) + [True] * len(asked)
    return FileWords([*shapes, *asked], [*own, *[None] * len(asked)], damaged)


_WORDS: Final = ["path", "shape", "word", "damaged"]


def shape_of(word: str) -> str:
    """The small letters of a word, those outside ASCII as one sign."""
    return lowered(word).encode("ascii", "replace").decode()


def _tells(shape: str) -> bool:
    return len(shape) >= _SHORTEST and len(shape) - shape.count(_GAP) >= _FEWEST_KEPT


def _opened(line: Mended) -> tuple[str, list[bool]]:
    """A line with a sign for each span of which nobody is sure, and whether it was left as it is."""
    text = line.text.replace(_OPEN, " ")  # where it is a sign of the text's own
    parts, position, shift, left = [], 0, 0, []
    for repair in line.repairs:
        start = repair.start + shift
        shift += len(repair.after) - len(repair.before)
        if repair.certainty == "exact":
            continue
        parts += [text[position:start], _OPEN]
        position = start + len(repair.after)
        left.append(repair.certainty == "unresolved")
    return "".join([*parts, text[position:]]), left


def _asked(text: str, left: Sequence[bool]) -> Iterator[str]:
    """The shapes of damaged words of which something was left."""
    spans = iter(left)
    for match in _DAMAGED.finditer(text):
        of_word = [next(spans) for _ in range(match[0].count(_OPEN))]
        if any(of_word):
            yield shape_of(match[0])
            tail = _TAIL.match(text, match.end()) if of_word[-1] and match[0].endswith(_OPEN) else None
            if tail:  # the space behind it may have been the byte that is gone
                yield shape_of(match[0] + tail[1])


def twins_of(batches: Callable[[Sequence[str]], Iterable[pd.DataFrame]]) -> pd.DataFrame:
    """Which words of other files each file can use, as ``file_twins``.

    ``batches`` gives some columns, and perhaps more, of all of ``file_words``. A file gets every word of a shape that
    it asks for, with the first file, by name, that has it. The rows are read up to three times and held never: memory
    grows with the distinct words that damage asks for.
    """
    asked: set[str] = set()
    for frame in batches(["shape", "damaged"]):
        asked.update(frame.loc[frame["damaged"], "shape"].unique())
    offered: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for frame in batches(_WORDS) if asked else ():
        rows = frame[~frame["damaged"] & frame["shape"].isin(asked)]
        for path, shape, word in zip(rows["path"], rows["shape"], rows["word"], strict=True):
            places = offered[shape].setdefault(word, [])
            if path not in places:  # two, so that one of them is another file than the one that asks
                places[:] = sorted([*places, path])[:2]
    answers: set[tuple[str, str, str]] = set()
    for frame in batches(["path", "shape", "damaged"]) if offered else ():
        rows = frame[frame["damaged"] & frame["shape"].isin(offered)]
        for path, shape in zip(rows["path"], rows["shape"], strict=True):
            answers.update(_answer(path, offered[shape]))
    columns = zip(*sorted(answers), strict=True) if answers else ((), (), ())
    table = KEPT["file_twins"]
    return table.joined([dict(zip(("path", "word", "seen_in"), columns, strict=True))])


def _answer(path: str, offered: Mapping[str, Sequence[str]]) -> list[tuple[str, str, str]]:
    """The words of one shape that other files have, each with one of these; none where so many tell nothing."""
    others = [(word, [place for place in places if place != path]) for word, places in offered.items()]
    found = [(path, word, places[0]) for word, places in others if places]
    return found if len(found) <= _MOST_TWINS else []
