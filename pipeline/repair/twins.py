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
from itertools import filterfalse
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from pipeline.repair.letters import lowered
from pipeline.repair.model import Mended
from schemas.registry import KEPT

_GAP: Final = "?"  # in a shape, a letter outside ASCII
_OPEN: Final = "\ue000"  # in a text, a span of which nobody is sure
_FOREIGN: Final = re.compile("[^\x00-\x7f]")
_WORD: Final = re.compile("[^\\W\\d_]{4,}")
# From the first letter of the word on, so that a long word without a damaged place is gone over once.
_DAMAGED: Final = re.compile(f"(?<![^\\W\\d_])[^\\W\\d_]*+{_OPEN}(?:[^\\W\\d_]|{_OPEN})*+")
_TAIL: Final = re.compile(f" ([^\\W\\d_]++)(?!{_OPEN})")
_SHORTEST: Final = 4  # letters of a word that tells something
_FEWEST_KEPT: Final = 2  # of them in ASCII, without which any word fits
_BLANK, _BEYOND = ord(" "), 0x80  # no byte of a character outside ASCII is below that
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


def _intact(lines: Sequence[Mended], least: int = 0) -> Iterator[str]:
    """The undamaged words with a letter outside ASCII, and ``least`` in ASCII; perhaps more than once, and others."""
    foreign = [line for line in lines if not line.text.isascii()]
    texts = [
        text
        if not repairs or all(repair.certainty == "exact" for repair in repairs)
        else _DAMAGED.sub(" ", _opened(Mended(text, repairs))[0])
        for text, repairs in foreign
    ]
    runs = _foreign_runs("\n".join(texts), least)
    return filterfalse(str.isascii, _WORD.findall(runs))


def _foreign_runs(text: str, least: int) -> str:
    """The stretches without blanks that have a character outside ASCII and ``least`` in it, each once, a line each.

    Most words of most texts have none; all of a file's are told at once.
    """
    data = text.encode("utf-8", "surrogatepass")
    raw = np.frombuffer(data, np.uint8)
    inside = np.concatenate([[False], raw > _BLANK, [False]])
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return ""
    size, foreign = ends - starts, np.add.reduceat(raw >= _BEYOND, starts, dtype=np.int64)
    chosen = (foreign > 0) & (size - foreign >= least)
    runs = {data[start:end] for start, end in zip(starts[chosen].tolist(), ends[chosen].tolist(), strict=True)}
    return b"\n".join(runs).decode("utf-8", "surrogatepass")


def file_words(lines: Sequence[Mended]) -> FileWords:
    """What the mended lines of one file, mended alone, have, and what they ask for.

    They ask for words that nobody can read. One that is read by inference would rarely be read better, and sometimes
    worse, like another person's name.
    """
    # Of all words at once, not of each; nearly all of another script than Latin tell nothing.
    every = set(lowered("\n".join(set(_intact(lines, _FEWEST_KEPT)))).split("\n"))
    own = sorted([word for word in every if len(word.encode("ascii", "ignore")) >= _FEWEST_KEPT])[:_MOST]
    shapes = shape_of("\n".join(own)).split("\n") if own else []
    left = [line for line in lines if line.repairs and any(one.certainty == "unresolved" for one in line.repairs)]
    asked = sorted({shape for line in left for shape in _asked(*_opened(line)) if _tells(shape)})
    asked = asked[:_MOST]
    damaged = [False] * len(own) + [True] * len(asked)
    return FileWords([*shapes, *asked], [*own, *[None] * len(asked)], damaged)


_WORDS: Final = ["path", "shape", "word", "damaged"]


def shape_of(word: str) -> str:
    """The small letters of a word, those outside ASCII as one sign."""
    return _FOREIGN.sub(_GAP, lowered(word))


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
