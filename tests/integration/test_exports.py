"""A folder with an export of each kind, plain and damaged, in a real run: records, lines, bytes, accounting."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

Tables = dict[str, pd.DataFrame]
CASES = Path(__file__).parents[1] / "cases" / "exports"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))


def damaged(text: str) -> bytes:
    """Read as Latin-1 once, with CRLF and a byte order mark."""
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n")
    return b"\xef\xbb\xbf" + lines.encode().decode("latin-1").encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("exports")
    for name in EXPECTED:
        data = (CASES / name).read_bytes()
        (raw / name).write_bytes(data)
        (raw / f"damaged_{name}").write_bytes(damaged(data.decode()))
    (raw / "packed.bib.gz").write_bytes(gzip.compress((CASES / "reference_manager.bib").read_bytes()))
    (raw / "settings.json").write_text('{"name": "x", "version": "1", "author": "y"}', encoding="utf-8")
    return raw


@pytest.fixture(scope="module")
def tables(folder: Path, run_pipeline: Callable[[Path], Path]) -> Tables:
    clean = run_pipeline(folder)
    return {path.stem: pd.read_parquet(path, dtype_backend="pyarrow") for path in clean.glob("*.parquet")}


@pytest.mark.parametrize("prefix", ["", "damaged_"])
@pytest.mark.parametrize("name", EXPECTED)
def test_records_and_authors(tables: Tables, name: str, prefix: str) -> None:
    records = tables["records"]
    records = records[records["path"] == prefix + name].sort_values(["line_start", "line_end"], kind="stable")
    wanted = EXPECTED[name]["records"]
    assert records["title"].tolist() == [record["title"] for record in wanted]
    lines = [list(both) for both in zip(records["line_start"], records["line_end"], strict=True)]
    assert lines == [record["lines"] for record in wanted]
    mentions = tables["author_mentions"].sort_values(["record_id", "position"])
    for record_id, record in zip(records["record_id"], wanted, strict=True):
        own = mentions[mentions["record_id"] == record_id]
        given = [None if pd.isna(value) else value for value in own["given"]]
        assert list(zip(own["family"], given, strict=True)) == [(one[0], one[1]) for one in record["authors"]]


def test_the_run_accounts_for_every_value(tables: Tables) -> None:
    assert (tables["ledger"]["difference"] == 0).all()
    assert tables["rule_results"]["failures"].sum() == 0
    files = tables["raw_files"].set_index("path")
    assert files.loc["settings.json", "status"] == "rejected"
    assert "nothing in it is a record" in str(files.loc["settings.json", "reason"])
    assert files.loc["packed.bib.gz", "record_count"] == len(EXPECTED["reference_manager.bib"]["records"])
    assert "cut" in str(files.loc["broken_and_cut.bib", "note"])
    counts = tables["text_lines"].groupby("path").size()
    assert (counts == files["value_count"][counts.index]).all()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_bytes_hold_the_values(tables: Tables, folder: Path, name: str) -> None:
    lines = tables["text_lines"]
    data = (folder / name).read_bytes()
    for row in lines[lines["path"] == name].itertuples():
        raw = data[row.byte_start : row.byte_end].decode()
        first = raw.split("\n")[0]
        assert first in data.decode().split("\n")[row.file_line - 1]
        if not re.search(r"[\\&\"<\n]", raw) and "inverted" not in str(row.field):
            assert raw == row.text


def test_damaged_values_are_mended_and_can_be_undone(tables: Tables) -> None:
    repairs = tables["text_repairs"]
    own = repairs[repairs["path"] == "damaged_database.ris"]
    assert own.empty  # all of it is ASCII
    channels = set(repairs[repairs["path"] == "damaged_acl.xml"]["codec"].dropna())
    assert channels
    assert all(channel.startswith("utf-8>") for channel in channels)
    latex = repairs[(repairs["path"] == "reference_manager.bib") & (repairs["kind"] == "latex")]
    assert {'{\\"o}', "{\\H o}", "\\&"} <= set(latex["before"])
