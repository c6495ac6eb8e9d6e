"""Corrections of people in a real run: they win and are counted; one that is wrong or never matches is reported."""

import html
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[2]

PAGE = "Page\nAbstract:The cafÃ© of Lüscher is studied at length, in three towns.\nAbstract:A teahouse, in one town.\n"


def test_corrections_win_and_are_reported(run_pipeline: Callable[..., Path], tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "corrections.csv").write_text(
        "path,before,after,note\n"
        "page.txt,cafÃ©,Café,a name\n"  # wins over the repair
        "any,never there,nowhere,\n"  # never matches
        "any,towns,towns,\n"  # changes nothing
        "any,three,3,\nany,three,III,\n",  # contradict one another
        encoding="utf-8",
    )
    clean = run_pipeline(raw)
    abstracts = pd.read_parquet(clean / "records.parquet")["abstract"]
    assert abstracts[0] == "The Café of Lüscher is studied at length, in three towns."
    repairs = pd.read_parquet(clean / "text_repairs.parquet")
    assert repairs[["kind", "before", "after"]].values.tolist() == [["correction", "cafÃ©", "Café"]]
    kept = pd.read_parquet(clean / "corrections.parquet")
    assert kept[["row_no", "matches"]].values.tolist() == [[1, 1]]
    rejects = pd.read_parquet(clean / "rejects.parquet", dtype_backend="pyarrow").sort_values("row")
    assert sorted(tuple(rules) for rules in rejects["rules"]) == [
        ("changes_something", "matched"),
        ("matched",),
        ("not_contradicted", "matched"),
        ("not_contradicted", "matched"),
    ]


def test_the_line_that_the_report_shows_settles_undecided_damage(
    run_pipeline: Callable[[Path], Path], tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    shutil.copy(ROOT / "data/raw/classics/profile_with_authors.txt", raw)
    clean = run_pipeline(raw)
    undecided = re.search(r'id="undecided".*?</table>', (clean / "report.html").read_text(), re.DOTALL)[0]
    lines = [html.unescape(line) for line in re.findall(r'<code class="copy"[^>]*>(.*?)</code>', undecided)]
    assert lines
    (tmp_path / "corrections.csv").write_text("\n".join(["path,before,after,note", *lines]), encoding="utf-8")
    run_pipeline(raw, clean)
    repairs = pd.read_parquet(clean / "text_repairs.parquet")
    assert (repairs["certainty"] != "unresolved").all()
    assert (repairs["kind"] == "correction").sum() == len(lines)
    assert "Nothing was left" in (clean / "report.html").read_text()
