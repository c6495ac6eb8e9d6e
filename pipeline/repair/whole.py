"""Both steps together: the lines of one file, mended and tidied, with spans in the decoded lines.

Not here: the steps themselves (``mend``, ``tidy``).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pipeline.repair.legacy import mend_legacy
from pipeline.repair.mend import mend_lines
from pipeline.repair.model import Mended, compose, undo
from pipeline.repair.tidy import tidy
from pipeline.repair.windows import windows_punctuation

_MAX_ROUNDS: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def mend_file(lines: Sequence[str], known: Collection[str] = ()) -> list[Mended]:
    """Mend and tidy the lines of one file; idempotent, and ``undo`` gives each decoded line again.

    ``known`` are words that stand undamaged in other files of the corpus: a damaged twin is read like them.

    Tidying can bring damage to light (mojibake written as entities), so lines that it changed are mended once more.
    """
    first = mend_legacy(lines)
    mended_lines = mend_lines([mended.text for mended in first], known=known)
    done = [_tidied(compose(before, mended)) for before, mended in zip(first, mended_lines, strict=True)]
    open_lines = [number for number, mended in enumerate(done) if mended.repairs]
    for _ in range(_MAX_ROUNDS):
        again = mend_lines([mended.text for mended in done], known=known) if open_lines else []
        still = []
        for number in open_lines:
            step = _tidied(again[number])
            if step.text != done[number].text:
                done[number] = compose(done[number], _changes(step))
                still.append(number)
        open_lines = still
    for number in open_lines:
        done[number] = Mended(undo(done[number]))
    return done


def undamaged(files: Iterable[Sequence[Mended]]) -> frozenset[str]:
    """The words with a letter outside ASCII that stand undamaged in mended files, or were read without a loss.

    What ``mend_file`` takes as ``known`` when the files of a corpus are mended once more.
    """
    return frozenset(
        text.text[match.start() : match.end()]
        for lines in files
        for text in lines
        if not text.text.isascii()
        for spans in [list(_doubtful(text))]
        for match in _WORD.finditer(text.text)
        if not match[0].isascii() and not any(low < match.end() and match.start() < high for low, high in spans)
    )


def _doubtful(mended: Mended) -> Iterator[tuple[int, int]]:
    shift = 0
    for repair in mended.repairs:
        start = repair.start + shift
        if repair.certainty != "exact":
            yield start, start + max(1, len(repair.after))
        shift += len(repair.after) - len(repair.before)


def _tidied(mended: Mended) -> Mended:
    if all(repair.certainty != "unresolved" for repair in mended.repairs):
        mended = compose(mended, windows_punctuation(mended.text))
    return compose(mended, tidy(mended.text))


def _changes(mended: Mended) -> Mended:
    return replace(mended, repairs=tuple(repair for repair in mended.repairs if repair.before != repair.after))
