"""The guides for analysts: each answers its question in DuckDB, pandas and polars, and the three answers are one."""

import re
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest

GUIDES = sorted((Path(__file__).parents[2] / "schemas" / "guides").glob("*.md"))
TOOLS = ["duckdb", "pandas", "polars"]


def queries(guide: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", guide.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def answer(query: str) -> tuple[list[str], list[tuple[str, ...]]]:
    """The names of the columns and the rows, in order, that a query prints."""
    printed: list[object] = []
    exec(query, {"print": printed.append})
    (result,) = printed
    if isinstance(result, duckdb.DuckDBPyRelation):
        names, rows = result.columns, result.fetchall()
    elif isinstance(result, pd.DataFrame):
        names, rows = list(result.columns), list(result.itertuples(index=False, name=None))
    else:
        assert isinstance(result, pl.DataFrame)
        names, rows = result.columns, result.rows()
    return names, [tuple("" if pd.isna(value) else str(value) for value in row) for row in rows]


def test_there_are_three_guides_in_three_tools() -> None:
    assert [guide.stem for guide in GUIDES] == ["coauthors", "repaired_names", "works_and_files"]
    for guide in GUIDES:
        assert [re.search(r"import (\w+)", query)[1] for query in queries(guide)] == TOOLS


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_the_three_answers_are_one(
    guide: Path, sample_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clean").symlink_to(sample_run)
    monkeypatch.chdir(tmp_path)
    first, *others = (answer(query) for query in queries(guide))
    assert len(first[1]) > 1
    assert others == [first, first]


def test_the_answers_are_right(sample_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "clean").symlink_to(sample_run)
    monkeypatch.chdir(tmp_path)
    coauthors, repaired, files = (answer(queries(guide)[0])[1] for guide in GUIDES)
    authorships = pd.read_parquet(sample_run / "authorships.parquet")
    size = authorships.groupby("work_id").size()
    assert sum(int(works) for _, _, works in coauthors) == (size * (size - 1) // 2).sum()
    assert sum(int(names) for _, names, _ in repaired) == len(pd.read_parquet(sample_run / "author_mentions.parquet"))
    assert len(files) == len(pd.read_parquet(sample_run / "works.parquet"))
    assert {path for row in files for path in row[3].split(", ")} == set(
        pd.read_parquet(sample_run / "raw_files.parquet")["path"]
    )
