"""Works of which only those are made anew that new, changed and lost files touch; of the others the rows are copied.

Not here: which records that is (``link.touched``), and how works are made (``link.works``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.engine import StageRun
from pipeline.engine.changed import keep_changed, whole_columns
from pipeline.engine.reuse import unchanged_files
from pipeline.link import link_works
from pipeline.link.components import Ints
from pipeline.link.decisions import decision_rows
from pipeline.link.fingerprint import prints_of
from pipeline.link.linked import Places
from pipeline.link.overlap import Overlaps, overlaps
from pipeline.link.similar import Compared, ComparedThen, similar_again
from pipeline.link.spellings import COLUMNS as SPELLED
from pipeline.link.touched import Then, touched
from pipeline.link.works import COLUMNS
from pipeline.spill import DiskShelf
from pipeline.steps.by_record import made_of
from pipeline.steps.stored import all_prints
from pipeline.tables import TableSet
from schemas.arrow import to_frame
from schemas.registry import KEPT, stored

_WORTH_IT: Final = 0.5  # of the records; where more are touched, all are linked
_PAIRS: Final = KEPT["abstract_pairs"]
_ABSTRACTS: Final = KEPT["compared_abstracts"]
_SHINGLES: Final = stored("record_shingles")
_TABLES: Final = ("works", "work_records", "work_disagreements")


def find_pairs(run: StageRun, before: TableSet | None = None) -> pd.DataFrame:
    """Find the pairs of abstracts that are alike, and keep them for a later run.

    Where the same code has found those of an earlier set, only what changes make of them is looked for.
    """
    compared = Compared.of(*all_prints(run))
    found = _found_again(run, before, compared) if before else None
    if found is None:
        with DiskShelf(run.tables.folder) as shelf:
            found = overlaps(compared.numbered(run.tables.groups(_SHINGLES)), len(compared.place), shelf)
    pairs, abstracts = compared.tables(found)
    for table, rows in ((_PAIRS, pairs), (_ABSTRACTS, abstracts)):
        run.tables.write(table, rows, part=run.stage, made_by=made_of(run))
    return pairs


def _found_again(run: StageRun, before: TableSet, compared: Compared) -> Overlaps | None:
    def rows_then(printed: Ints) -> pd.DataFrame:
        asked = to_frame(pa.table({"abstract_printed": printed}))
        known = before.read(stored("record_prints"), ["record_id", "abstract_printed"], asked)
        return before.read(_SHINGLES, at=known[["record_id"]]).merge(known, on="record_id")

    def some(ids: pa.Array) -> pd.DataFrame:
        return run.tables.read(_SHINGLES, at=to_frame(pa.table({"record_id": ids})))

    then = ComparedThen(before.read(stored(_PAIRS.name)), before.read(stored(_ABSTRACTS.name)), rows_then)
    return similar_again(compared, lambda: run.tables.groups(_SHINGLES), some, then)


def linked_before(run: StageRun) -> TableSet | None:
    """The published set, where it was linked by the same code and no row was refused."""
    before = run.clean.published()
    if run.full or before is None or before.made_by(stored(_PAIRS.name)) != made_of(run):
        return None
    refused = f"rejects@{run.stage}"
    return None if not before.has(refused) or before.count(refused) else before


@dataclass(frozen=True)
class Relinked:
    """What came of linking again the records that changes touch; ``keep`` keeps the tables of works.

    ``places`` says where all records are. ``keep`` returns whether no rule was broken; else nothing was kept, and all
    is to be linked, which says what was wrong.
    """

    places: Places
    keep: Callable[..., bool]
    large: bool = False  # what is kept are some records


def relink(
    run: StageRun, before: TableSet, found: Callable[[], pd.DataFrame], written: pd.DataFrame
) -> Relinked | None:
    """Link the records again that changes touch; None where that is most of them.

    ``found`` gives the pairs of abstracts of all records; ``written`` are the decisions of people, of which are none.
    """
    change = _change(run, before, found)
    if change is None:
        return None
    at = pd.DataFrame({"record_id": change.prints["record_id"]})
    records = run.clean.latest("records", run.run_id).read("records", COLUMNS, at=at)
    mentions = run.clean.latest("author_mentions", run.run_id).read("author_mentions", SPELLED, at=at)
    links = link_works(records, mentions, (), change.prints, lambda: change.pairs)
    new = {name: getattr(links, name) for name in _TABLES}
    whole = whole_columns(before, new, change.works, {"works": ["authors_record_id"]})

    def keep() -> bool:
        run.keep("decisions", decision_rows(written, {}))
        kept = keep_changed(run, before, new, change.works, {"records": records}, whole)
        if not kept:
            run.results.clear()  # of the table before, which is kept again
        return kept

    return Relinked(Places.of(whole["works"], whole["work_records"]), keep)


@dataclass(frozen=True)
class _Change:
    """The prints of the records that are linked again, the pairs among them, and the ids of works that are gone."""

    prints: pd.DataFrame
    pairs: pd.DataFrame
    works: pa.Array


def _change(run: StageRun, before: TableSet, found: Callable[[], pd.DataFrame]) -> _Change | None:
    """What has changed since an earlier set; None where that is most of the records."""
    name, same = stored("record_prints"), list(unchanged_files(run, before))
    records, prints = run.read_columns("records", ["record_id", "path"]), run.tables.read(name)
    new = ~records["path"].isin(same).to_numpy(dtype=bool)
    if new.sum() > _WORTH_IT * len(new):
        return None
    prints = prints_of(prints, records["record_id"])
    places = before.read("work_records", ["work_id", "record_id", "path"])
    lost = places[~places["path"].isin(same)]
    then = Then(before.read(name, at=lost[["record_id"]]), lost["work_id"], before.read(stored(_PAIRS.name)))
    place = pd.Index(places["record_id"]).get_indexer(pd.Index(prints["record_id"]))
    works = places["work_id"].reindex(place).reset_index(drop=True)
    pairs = found()
    again = touched(prints, pairs, new, works, then)
    if again.sum() > _WORTH_IT * len(again):
        return None
    gone = pd.concat([lost["work_id"], works[again].dropna()]).unique()
    own = prints[again].reset_index(drop=True)
    among = pairs["left"].isin(own["abstract_printed"])
    return _Change(own, pairs[among].reset_index(drop=True), pa.array(gone, pa.string()))
