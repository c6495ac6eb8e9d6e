"""Files that have another name, or a second one: their rows are taken over under it, and nothing is mended or split.

What a file is made into depends on its bytes. Its name is in the column ``path`` and in the ids of its records, and
people may have said something of files by name; where they have, or where an id cannot be told, the file is worked on.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from pipeline.repair.tables import mended_files
from pipeline.split.files import record_ids
from pipeline.storage import RawFolder
from pipeline.tables import TableSet
from schemas import TABLES
from schemas.arrow import to_frame
from schemas.registry import KEPT, stored


def renamed_files(
    raw: RawFolder, before: TableSet, sources: pd.DataFrame, then: pd.DataFrame, refused: Collection[str]
) -> dict[str, str]:
    """By the path of a file the one that the same bytes had in the set ``before``, and that were read and parsed alike.

    ``sources`` are the files that are not there by their names, ``then`` all files of that set, of which those that are
    ``refused`` had rows refused. Files that are read in pieces are left out.
    """
    asked = sources[(sources["status"] == "read") & sources["pieces"].isna()]
    if asked.empty:
        return {}
    verdicts = before.read("raw_files", ["path", "status"])
    parsed = verdicts.loc[verdicts["status"] == "parsed", "path"]
    known = then[then["path"].isin(parsed) & ~then["path"].isin(list(refused))]
    alike = [name for name in sources.columns if name != "path"]
    pairs = asked.merge(known, on=alike, suffixes=("", "_before")).sort_values(["path", "path_before"])
    pairs = pairs.drop_duplicates("path")
    named, specs = set(raw.corrections()["path"]), raw.layouts()
    return {
        path: old
        for path, old in zip(pairs["path"], pairs["path_before"], strict=True)
        if not named & {path, old} and all(spec.is_for(path) == spec.is_for(old) for spec in specs)
    }


@dataclass(frozen=True)
class Names:
    """What files and records of a batch are called, and were: by ``path`` (now) ``path_before``, and of each record
    ``path`` (now), ``record_id`` (before) and ``record_id_now``.
    """

    files: pd.DataFrame
    records: pd.DataFrame

    def rows(self, name: str, before: TableSet) -> pd.DataFrame:
        """The rows of the files in a table of the set ``before``, called what they are called now."""
        rows = before.read_files(stored(name), set(self.files["path_before"]))
        rows = self.called_now(rows) if "path" in rows else rows
        if "record_id" in rows:
            shared = [column for column in ("path", "record_id") if column in rows]
            rows = rows.merge(self.records, on=shared, how="left" if "path" in rows else "inner")
            rows = rows.assign(record_id=rows["record_id_now"])
        table = KEPT[name] if name in KEPT else TABLES[name]
        return table.typed(rows[table.arrow_schema.names])

    def called_now(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table that are of the files, with the paths that these have now."""
        found: pd.DataFrame = rows.rename(columns={"path": "path_before"}).merge(self.files, on="path_before")
        called: pd.DataFrame = found[rows.columns]
        return called


def names_of(renamed: Mapping[str, str], records: pd.DataFrame | None = None) -> Names:
    """The names of the files of ``renamed``; without ``records`` those of a stage that has none."""
    none = _texts(path=(), record_id=(), record_id_now=())
    return Names(_texts(path=list(renamed), path_before=list(renamed.values())), none if records is None else records)


def record_names(
    before: TableSet, renamed: Mapping[str, str], lines: pd.DataFrame, repairs: pd.DataFrame
) -> pd.DataFrame:
    """The ids that the records of renamed files had and have, by the new path; of files of which that is sure.

    It is where the ids that they had are those that are made of the old path and of the lines that were theirs.
    ``lines`` and ``repairs`` are of the files, under their new names.
    """
    olds = set(renamed.values())
    had = before.read_files("records", olds).groupby("path", sort=False)["record_id"].agg(list).to_dict()
    roles = before.read_files("line_roles", olds).dropna(subset=["record_id"])
    own = roles.groupby("record_id", sort=False)["line_no"].agg(list).to_dict()
    found: list[tuple[str, str, str]] = []
    for path, mended in mended_files(lines, repairs).items():
        ids = had.get(renamed[path], [])
        groups = {number: [line - 1 for line in own.get(id_, ())] for number, id_ in enumerate(ids)}
        if list(record_ids(renamed[path], mended, groups).values()) == ids:
            found += zip([path] * len(ids), ids, record_ids(path, mended, groups).values(), strict=True)
    paths, before_, now = zip(*found, strict=True) if found else ((), (), ())
    return _texts(path=paths, record_id=before_, record_id_now=now)


def _texts(**columns: Collection[str]) -> pd.DataFrame:
    return to_frame(pa.table({name: pa.array(list(values), pa.string()) for name, values in columns.items()}))
