"""Both steps together: the lines of one file, mended and tidied, with spans in the decoded lines.

Not here: the steps themselves (``mend``, ``tidy``).
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from itertools import filterfalse
from operator import itemgetter
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.repair.collector import uncollected
from pipeline.repair.legacy import mend_legacy
from pipeline.repair.mend import Settled, mend_page
from pipeline.repair.model import Mended, Repair, apply_repairs, compose, placed_in, undo, untouched
from pipeline.repair.page import Page
from pipeline.repair.prefilter import TOP
from pipeline.repair.tidy import tidy, unescape, untidy
from pipeline.repair.windows import windows_punctuation

_MAX_ROUNDS: Final = 4
_BYTES: Final = frozenset("\xa0\xad")  # characters that are tidied, and that the damage of many letters has in it


@uncollected()
def mend_file(lines: Sequence[str], known: Collection[str] = ()) -> list[Mended]:
    """Mend and tidy the lines of one file; idempotent, and ``undo`` gives each decoded line again.

    ``known`` are words that stand undamaged in other files of the corpus, as ``mend_lines`` takes them.

    Entities come first: they may be bytes of letters, of which tidying would remove the controls and spaces. What
    tidying brings to light is mended once more.
    """
    page = Page(lines)
    done = _unescaped(page)
    page = page.changed({number: mended.text for number, mended in done.items()})
    legacy = mend_legacy(page)
    page = page.changed({number: mended.text for number, mended in legacy.items()})
    done |= _behind(done, legacy)
    settled = mend_page(page, known=known)
    page = settled.page
    done |= _behind(done, settled.lines)
    for number in page.lines_with(untidy()):
        done[number] = _tidied(done.get(number) or Mended(lines[number]))
    open_lines = sorted(number for number, mended in done.items() if mended.repairs)
    page = page.changed({number: done[number].text for number in open_lines})
    for _ in range(_MAX_ROUNDS):
        again = _again(page, settled, known) if open_lines else {}
        looked_at = page.lines_with(untidy()).union(again) if open_lines else set()
        still = []
        for number in looked_at.intersection(open_lines):
            step = _tidied(again.get(number) or Mended(page.lines[number]))
            if step.text != done[number].text:
                done[number] = compose(done[number], _changes(step))
                still.append(number)
        open_lines = still
        page = page.changed({number: done[number].text for number in open_lines})
    for number in open_lines:
        done[number] = Mended(undo(done[number]))
    mended_lines = untouched(lines)
    for number, mended in done.items():
        mended_lines[number] = mended
    return mended_lines


def _unescaped(page: Page) -> dict[int, Mended]:
    """The lines in which entities stand for characters outside ASCII, which may be damage."""
    found = {number: unescape(page.lines[number]) for number in page.lines_with(_ampersands())}
    return {number: one for number, one in found.items() if not all(repair.after.isascii() for repair in one.repairs)}


@lru_cache(maxsize=1)
def _ampersands() -> npt.NDArray[np.bool_]:
    marks = np.zeros(TOP, np.bool_)
    marks[ord("&")] = True
    return marks


def _behind(done: Mapping[int, Mended], then: Mapping[int, Mended]) -> dict[int, Mended]:
    """What a step did to some lines, each with what was done to it before."""
    return {number: compose(done[number], one) if number in done else one for number, one in then.items()}


def _again(page: Page, settled: Settled, known: Collection[str]) -> dict[int, Mended]:
    """What mending says of a page; where it is the one that was settled, that is known already."""
    if page is settled.page and settled.last is not None:
        return settled.last
    return mend_page(page, known=known).lines


def _tidied(mended: Mended) -> Mended:
    if not mended.text.isascii() and all(repair.certainty != "unresolved" for repair in mended.repairs):
        mended = compose(mended, windows_punctuation(mended.text))
    tidied = tidy(mended.text)
    if tidied.repairs and not _BYTES.isdisjoint(mended.text):
        tidied = _but_for_bytes(mended, tidied)
    return compose(mended, tidied)


def _but_for_bytes(mended: Mended, tidied: Mended) -> Mended:
    """Tidying without soft hyphens and no-break spaces of damage that was left: they are bytes of letters, as of í."""
    left = [(start, end) for repair, start, end in placed_in(mended) if repair.certainty == "unresolved"]

    def is_byte(repair: Repair) -> bool:
        behind = bisect_left(left, repair.end, key=itemgetter(1))  # the only one that can reach over it
        return not _BYTES.isdisjoint(repair.before) and behind < len(left) and left[behind][0] <= repair.start

    return apply_repairs(mended.text, filterfalse(is_byte, tidied.repairs))


def _changes(mended: Mended) -> Mended:
    return mended._replace(repairs=tuple(repair for repair in mended.repairs if repair.before != repair.after))
