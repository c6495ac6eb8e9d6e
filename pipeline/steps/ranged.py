"""The tables of works, written in ranges of their ids: only the texts of some works are in memory at a time.

Records are dealt to the parts that their works are in, on the disk where they are many, and the tables are made of one
part after the other. Not here: which records are which works (``link.linked``).
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.engine import StageRun
from pipeline.engine.parted import keep_parts
from pipeline.link.components import Ints
from pipeline.link.disagreements import TEXTS
from pipeline.link.linked import Linked, tables_of
from pipeline.link.numbers import Hashes
from pipeline.link.printed import Held
from pipeline.ranges import bits_of
from pipeline.spill import RowShelf
from pipeline.steps.stored import Stored
from schemas.masks import Frames

_WORKS_AT_ONCE: Final = 1 << 14
_PLACE: Final = ["record_id", "path", "line_start", "line_end"]


def keep_works(run: StageRun, linked: Linked, printed: Stored) -> bool:
    """Keep the tables of works; returns whether no rule was broken, else nothing was kept."""
    sizes = {
        "works": len(linked.ids),
        "work_records": len(linked.record),
        "work_disagreements": sum(map(len, linked.differing.values())),
    }
    bits = min(bits_of(sizes["works"]), bits_of(sizes["work_records"]))
    starts = part_starts(linked.ids, bits, _WORKS_AT_ONCE)
    with RowShelf(run.tables.folder) as shelf:
        _deal(linked, printed, starts, shelf)
        return keep_parts(run, sizes, _parts(linked, starts, shelf))


def part_starts(ids: Hashes, bits: int, most: int) -> Ints:
    """Where parts start that are whole ranges of ids, which are in order, and have at most as many works.

    A part is at least one range, however many works that has.
    """
    edges = np.arange(1, 1 << bits, dtype=np.uint64) << np.uint64(64 - bits) if bits else np.empty(0, np.uint64)
    starts, before = [0], 0
    for end in [*np.searchsorted(ids, edges).tolist(), len(ids)]:
        if end > before > starts[-1] and end - starts[-1] > most:
            starts.append(before)
        before = end
    return np.array(starts, dtype=np.int64)


def _deal(linked: Linked, printed: Stored, starts: Ints, shelf: RowShelf) -> None:
    """Put each record where its work's part is, with those of its texts that the tables take from it."""
    row = np.empty(len(printed.order), dtype=np.int64)
    row[printed.order] = np.arange(len(row))
    wanted = {"authors_text": _marked(len(row), linked.differing["authors"])}
    wanted |= {name: _marked(len(row), linked.best[name], linked.differing[name]) for name in TEXTS}
    first = 0
    for frame in printed.records.groups("records", [*_PLACE, *wanted]):
        rows = row[first : first + len(frame)]
        first += len(frame)
        part = np.searchsorted(starts, linked.work[rows], "right") - 1
        order = np.argsort(part, kind="stable")
        held = pa.Table.from_pandas(frame, preserve_index=False).append_column("row", pa.array(rows))
        for name, mask in wanted.items():
            told = pc.if_else(pa.array(mask[rows]), held[name], pa.scalar(None, pa.string()))
            held = held.set_column(held.schema.get_field_index(name), name, told)
        held = held.replace_schema_metadata(None).take(pa.array(order)).combine_chunks()
        cuts = np.searchsorted(part[order], np.arange(len(starts) + 1))
        for number in np.flatnonzero(np.diff(cuts)).tolist():
            shelf.put(number, held.slice(cuts[number], cuts[number + 1] - cuts[number]))


def _marked(size: int, *rows: Ints) -> npt.NDArray[np.bool_]:
    found = np.zeros(size, dtype=bool)
    for some in rows:
        found[some[some >= 0]] = True
    return found


def _parts(linked: Linked, starts: Ints, shelf: RowShelf) -> Iterator[tuple[Frames, Frames]]:
    """Of each part the rows of the tables, and the records that they are made of."""
    for number, (start, end) in enumerate(zip(starts.tolist(), [*starts[1:].tolist(), len(linked.ids)], strict=True)):
        held = shelf.take(number)
        if held is None:
            continue
        held = held.take(pc.sort_indices(held["row"])).combine_chunks()
        rows = held["row"].to_numpy()
        frame: pd.DataFrame = held.drop_columns(["row"]).to_pandas(types_mapper=pd.ArrowDtype)
        tables = tables_of(linked, Held(frame, rows), range(start, end))
        yield tables, {"records": frame[_PLACE]}
