"""What the files of a corpus tell one another: undamaged words that damaged ones in other files may be.

A word that lost a letter kept the others, so it has the shape of its undamaged twin: its small letters, with one sign
for each that is outside ASCII. Each file says which shapes it asks for, and which words it has; that is a small table
a file (``file_words``). Files that ask are mended once more with the twins that they get. Not here: what a twin is
worth (``lost``).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Final, NamedTuple

import pandas as pd

from pipeline.repair.letters import lowered
from pipeline.repair.model import Mended
from pipeline.repair.page import Page
from schemas.registry import KEPT

_GAP: Final = "?"  # in a shape, a letter outside ASCII
_OPEN: Final = "\ue000"  # in a text, a span of which nobody is sure
_UNKNOWN: Final = "\xff"
_WORD: Final = re.compile("[^\\W\\d_]{4,}")
_DAMAGED: Final = re.compile(f"[^\\W\\d_]*{_OPEN}(?:[^\\W\\d_]|{_OPEN})*")
_TAIL: Final = re.compile(f" ([^\\W\\d_]+)(?![{_OPEN}])")
_SHORTEST: Final = 4  # letters of a word that tells something
_FEWEST_KEPT: Final = 2  # of them in ASCII, without which any word fits
_MOST: Final = 20_000  # words of one file, and shapes that it asks for
_MOST_TWINS: Final = 16  # of one shape; so many tell nothing


class FileWord(NamedTuple):
    """A row of ``file_words``: a word that stands undamaged, or the shape of one that lost bytes and its reading."""

    shape: str
    word: str | None
    damaged: bool


def undamaged(files: Iterable[Sequence[Mended]]) -> frozenset[str]:
    """The words with a letter outside ASCII that stand undamaged in mended files, or were read without a loss.

    What ``mend_file`` takes as ``known`` when the files of a corpus are mended once more.
    """
    return frozenset(word for lines in files for word in _intact(lines))


def _intact(lines: Sequence[Mended]) -> Iterator[str]:
    foreign = [line for line in lines if not line.text.isascii()]
    sure = [line.text for line in foreign if all(repair.certainty == "exact" for repair in line.repairs)]
    runs = Page(sure).foreign_words  # much faster than to look at each line
    runs |= {_DAMAGED.sub(" ", _opened(line)[0]) for line in foreign if line.repairs}
    for run in runs:
        yield from (word for word in _WORD.findall(run) if not word.isascii())


def file_words(lines: Sequence[Mended]) -> list[FileWord]:
    """What the mended lines of one file, mended alone, have and ask for.

    A word that is read by inference asks only where no word of its shape stands undamaged in its own file.
    """
    own = {word: shape_of(word) for word in sorted({lowered(word) for word in _intact(lines)})}
    words = [FileWord(shape, word, damaged=False) for word, shape in own.items() if _tells(shape)]
    shapes = set(own.values())
    asked = {
        ask
        for line in lines
        if any(repair.certainty != "exact" for repair in line.repairs)
        for ask in _asked(*_opened(line))
        if _tells(ask.shape) and (ask.word is None or ask.shape not in shapes)
    }
    asks = sorted(asked, key=lambda ask: (ask.shape, ask.word or ""))
    return [*words[:_MOST], *asks[:_MOST]]


def shape_of(word: str) -> str:
    """The small letters of a word, those outside ASCII as one sign."""
    return "".join([char if char.isascii() else _GAP for char in lowered(word)])


def _tells(shape: str) -> bool:
    return len(shape) >= _SHORTEST and len(shape) - shape.count(_GAP) >= _FEWEST_KEPT


def _opened(line: Mended) -> tuple[str, list[str | None]]:
    """A line with a sign for each span of which nobody is sure, and what was written there, None where nothing was."""
    parts, position, shift, afters = [], 0, 0, []
    for repair in line.repairs:
        start = repair.start + shift
        shift += len(repair.after) - len(repair.before)
        if repair.certainty == "exact":
            continue
        parts += [line.text[position:start], _OPEN]
        position = start + len(repair.after)
        afters.append(None if repair.certainty == "unresolved" else repair.after)
    return "".join([*parts, line.text[position:]]), afters


def _asked(text: str, afters: Sequence[str | None]) -> Iterator[FileWord]:
    """The shapes of damaged words, and their readings where they have one."""
    left = iter(afters)
    for match in _DAMAGED.finditer(text):
        read = [next(left) for _ in range(match[0].count(_OPEN))]
        word = "".join(chain(*zip_longest(match[0].split(_OPEN), [after or _UNKNOWN for after in read], fillvalue="")))
        yield FileWord(shape_of(word), None if None in read else lowered(word), damaged=True)
        tail = _TAIL.match(text, match.end()) if read[-1] is None and match[0].endswith(_OPEN) else None
        if tail:  # the space behind it may have been the byte that is gone
            yield FileWord(shape_of(word + tail[1]), None, damaged=True)


def twins_of(batches: Callable[[], Iterable[pd.DataFrame]]) -> pd.DataFrame:
    """Which words of other files each file can use, as ``file_twins``; ``batches`` gives all of ``file_words``.

    A file gets every word of a shape that it asks for, as soon as one of them is not what it reads there already. Each
    word comes with the first file, by name, that has it. The rows are read three times and held never: memory grows
    with the distinct words that damage asks for.
    """
    asked: set[str] = set()
    for frame in batches():
        asked.update(frame.loc[frame["damaged"], "shape"].unique())
    offered: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for frame in batches():
        rows = frame[~frame["damaged"] & frame["shape"].isin(asked)] if asked else frame[:0]
        for path, shape, word in zip(rows["path"], rows["shape"], rows["word"], strict=True):
            places = offered[shape].setdefault(word, [])
            if path not in places:  # two, so that one of them is another file than the one that asks
                places[:] = sorted([*places, path])[:2]
    answers: set[tuple[str, str, str]] = set()
    for frame in batches():
        rows = frame[frame["damaged"] & frame["shape"].isin(offered)] if offered else frame[:0]
        for path, shape, reading in zip(rows["path"], rows["shape"], rows["word"].fillna(""), strict=True):
            answers.update(_answer(path, reading, offered[shape]))
    columns = zip(*sorted(answers), strict=True) if answers else ((), (), ())
    return KEPT["file_twins"].of_columns(dict(zip(("path", "word", "seen_in"), columns, strict=True)))


def _answer(path: str, reading: str, offered: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, str]]:
    """The words of one shape that a file can use, each with a file that has it."""
    others = {word: [place for place in places if place != path] for word, places in offered.items()}
    others = {word: places for word, places in others.items() if places}
    if len(others) <= _MOST_TWINS and any(word != reading for word in others):
        for word, places in others.items():
            yield path, word, places[0]
