"""What records of a work say otherwise than the work does. Not here: which of them is believed (``best``)."""

import pandas as pd
import pyarrow as pa

from pipeline.link.fold import fold_text, map_distinct
from schemas import TABLES

_TEXTS = ("title", "abstract", "venue")


def disagreements(placed: pd.DataFrame, works: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """The table ``work_disagreements``.

    ``placed`` are records with ``work_id``; ``works`` is indexed by it; ``listed`` has ``record_id`` and ``author_id``.
    Texts that differ in case, spaces or punctuation alone agree. An author list agrees that names the same people.
    """
    several = placed[placed["work_id"].duplicated(keep=False)]
    found = [_differing(several, works, name) for name in _TEXTS]
    years = several[several["year"].notna()]
    years = years[years["year"].array != works["year"].reindex(years["work_id"]).array]
    found.append(_rows(years, "year", years["year"].astype("int64").astype(str)))
    found.append(_lists(several, works, listed))
    return TABLES["work_disagreements"].typed(
        pd.concat(found).sort_values(["work_id", "record_id", "field"], ignore_index=True)
    )


def _rows(records: pd.DataFrame, name: str, values: pd.Series) -> pd.DataFrame:
    text = pd.ArrowDtype(pa.string())
    frame = records[["work_id", "record_id"]].assign(field=name, value=values)
    return frame.astype({"field": text, "value": text})


def _differing(records: pd.DataFrame, works: pd.DataFrame, name: str) -> pd.DataFrame:
    rows = records.loc[records[name].notna(), ["work_id", "record_id", name]]
    rows = rows[rows["record_id"].array != works[f"{name}_record_id"].reindex(rows["work_id"]).array]
    believed = pd.Series(works[name].reindex(rows["work_id"]).array, index=rows.index)
    rows, believed = (part[(rows[name] != believed).astype(bool)] for part in (rows, believed))
    folded = (map_distinct(texts, fold_text, pa.string()) for texts in (rows[name], believed))
    rows = rows[(next(folded) != next(folded)).astype(bool)]
    return _rows(rows, name, rows[name])


def _lists(records: pd.DataFrame, works: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    rows = records[["work_id", "record_id", "authors_text"]]
    rows = rows.assign(best=works["authors_record_id"].reindex(rows["work_id"]).array)
    rows = rows[rows["record_id"].isin(listed["record_id"]) & (rows["record_id"] != rows["best"])]
    names = listed[listed["record_id"].isin([*rows["record_id"], *rows["best"]])].drop_duplicates()
    sizes = names.groupby("record_id").size()
    shared = rows[["record_id", "best"]].merge(names, on="record_id")
    shared = shared.merge(names.rename(columns={"record_id": "best"}), on=["best", "author_id"])
    common = shared.groupby("record_id").size().reindex(rows["record_id"]).fillna(0).to_numpy()
    same = (common == sizes.reindex(rows["record_id"]).to_numpy()) & (common == sizes.reindex(rows["best"]).to_numpy())
    rows = rows[~same]
    return _rows(rows, "authors", rows["authors_text"].fillna(""))
