"""Both steps together: the lines of one file, mended and tidied, with spans in the decoded lines.

Not here: the steps themselves (``mend``, ``tidy``).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pipeline.repair.mend import mend_lines
from pipeline.repair.model import Mended, compose, undo
from pipeline.repair.tidy import tidy
from pipeline.repair.windows import windows_punctuation

_MAX_ROUNDS: Final = 4


def mend_file(lines: Sequence[str]) -> list[Mended]:
    """Mend and tidy the lines of one file; idempotent, and ``undo`` gives each decoded line again.

    Tidying can bring damage to light (mojibake written as entities), so lines that it changed are mended once more.
    """
    done = [_tidied(mended) for mended in mend_lines(lines)]
    open_lines = [number for number, mended in enumerate(done) if mended.repairs]
    for _ in range(_MAX_ROUNDS):
        again = mend_lines([mended.text for mended in done]) if open_lines else []
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


def _tidied(mended: Mended) -> Mended:
    if all(repair.certainty != "unresolved" for repair in mended.repairs):
        mended = compose(mended, windows_punctuation(mended.text))
    return compose(mended, tidy(mended.text))


def _changes(mended: Mended) -> Mended:
    return replace(mended, repairs=tuple(repair for repair in mended.repairs if repair.before != repair.after))
