"""Lines from the head of a large file and from places all over it: what its pieces are read by, so that they are alike.

A piece alone does not show how a file begins, and may hold too little to tell what is seldom in it.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from pipeline.ingest.pieces import Read
from pipeline.ingest.reading import NEWLINE, bom_of

HEAD_BYTES: Final = 64 * 1024
SAMPLE_BYTES: Final = 16 * 1024
SAMPLES: Final = 12


def witness_of(read: Read, size: int) -> list[bytes]:
    """Lines of a file of ``size`` bytes, without line ends, in their order; a byte order mark belongs to none.

    The head, and samples at even distances, each from the end of a record to that of another as far as blank lines
    show them. Only for bytes in which ASCII is ASCII. Raises OSError as ``read`` does.
    """
    head = read(0, min(size, HEAD_BYTES))
    lines = _between_records(_whole_lines(head[len(bom_of(head, "utf-8")) :]), first=0)
    for number in range(1, SAMPLES + 1):
        start = HEAD_BYTES + (size - HEAD_BYTES - SAMPLE_BYTES) * number // SAMPLES
        if start >= HEAD_BYTES:
            lines += _between_records(_whole_lines(read(start, start + SAMPLE_BYTES))[1:])
    return lines


def _whole_lines(data: bytes) -> list[bytes]:
    """The lines but for the last one, which may go on behind."""
    return NEWLINE.split(data)[:-1]


def _between_records(lines: Sequence[bytes], first: int | None = None) -> list[bytes]:
    """From behind the first of the longest runs of blank lines up to the end of the last; all where there is none."""
    runs = list(_blank_runs(lines))
    longest = max((end - start for start, end in runs), default=0)
    ends = [end for start, end in runs if end - start == longest] or [0]
    low = ends[0] if first is None else first
    return list(lines[low : ends[-1] if ends[-1] > low else None])


def _blank_runs(lines: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    place = 0
    for is_blank, run in groupby(lines, lambda line: not line.strip()):
        count = len(list(run))
        if is_blank:
            yield place, place + count
        place += count
