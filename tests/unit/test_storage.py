"""Sets of tables are switched as one; the raw folder is only read; messages name the path and the remedy."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.footers import may_have
from pipeline.storage import CleanFolder, RawFolder
from pipeline.tables import StorageError
from schemas import TABLES

LEDGER = TABLES["ledger"]
LINES = TABLES["text_lines"]


def ledger(path: str) -> pd.DataFrame:
    row = {"stage": "ingest", "path": path, "unit": "files", "received": 1, "used": 1, "set_aside": 0, "rejected": 0}
    return LEDGER.typed(pd.DataFrame([{**row, "difference": 0}]))


def lines(path: str) -> pd.DataFrame:
    row = {"path": path, "byte_start": 0, "byte_end": 3, "text": "abc", "field": None, "entry": None}
    row |= dict.fromkeys(["line_no", "file_line", "entry_start", "entry_end"], 1)
    return LINES.typed(pd.DataFrame([row]))


def publish(clean: CleanFolder, run_id: str) -> None:
    tables = clean.table_set(run_id)
    tables.write(LEDGER, ledger(run_id))
    tables.write(LINES, lines(run_id))
    clean.publish(tables)


def test_a_written_table_reads_back_in_the_contracts_types(tmp_path: Path) -> None:
    publish(CleanFolder(tmp_path), "one")
    for table in (LEDGER, LINES):
        plain = pd.read_parquet(tmp_path / f"{table.name}.parquet")
        assert plain.dtypes.equals(table.empty().dtypes)
        assert pq.read_schema(tmp_path / f"{table.name}.parquet").remove_metadata().equals(table.arrow_schema)


def test_rows_at_a_few_places_are_read_from_the_row_groups_that_can_have_them(tmp_path: Path) -> None:
    tables = CleanFolder(tmp_path).table_set("one")
    parts = [LINES.typed(lines(path).assign(line_no=number)) for path, number in (("b", 1), ("a", 1), ("b", 2))]
    with tables.writer(LINES) as rows:
        for part in parts:
            rows.append(part)
    places = pd.concat([parts[2], parts[1]], ignore_index=True)[["path", "line_no"]]
    found = tables.read("text_lines", ["path", "line_no", "text"], places)
    assert [*zip(found["path"], found["line_no"], strict=True)] == [("a", 1), ("b", 2)]
    assert found.dtypes.equals(LINES.empty()[["path", "line_no", "text"]].dtypes)
    assert list(tables.read("text_lines", None, places)) == LINES.arrow_schema.names
    assert tables.read("text_lines", ["path", "line_no"], places.assign(line_no=9)).empty
    with pq.ParquetFile(tables.path("text_lines")) as parquet:
        groups = [parquet.metadata.row_group(group) for group in range(3)]
    assert [may_have(group, places) for group in groups] == [False, True, True]


def test_nulls_are_counted_over_all_row_groups_and_in_lists(tmp_path: Path) -> None:
    tables = CleanFolder(tmp_path).table_set("one")
    with tables.writer(LINES) as rows:
        for field in (None, "title", None):
            rows.append(lines("a.txt").assign(field=field).astype(LINES.empty().dtypes))
    assert tables.nulls("text_lines", ["field", "text", "entry"]) == {"field": 2, "text": 0, "entry": 3}
    refused = dict.fromkeys(["reject_id", "stage", "table", "reason", "row"], "x") | {"rules": ["short", "not_null"]}
    table = TABLES["rejects"]
    frame = pd.DataFrame([{**dict.fromkeys(table.arrow_schema.names), **refused}])
    tables.write(table, table.typed(frame))
    assert tables.nulls("rejects", ["rules", "path", "line_start"]) == {"rules": 0, "path": 1, "line_start": 1}


def test_the_footer_names_contract_and_run(tmp_path: Path) -> None:
    publish(CleanFolder(tmp_path), "one")
    query = f"SELECT decode(key), decode(value) FROM parquet_kv_metadata('{tmp_path / 'ledger.parquet'}')"
    stamp = dict(duckdb.sql(query).fetchall())
    assert stamp["palimpsest.table"] == "ledger"
    assert stamp["palimpsest.run"] == "one"
    assert stamp["palimpsest.contract"] == LEDGER.fingerprint


def test_publishing_switches_all_tables_at_once_and_keeps_one_set_back(tmp_path: Path) -> None:
    clean = CleanFolder(tmp_path)
    for run_id in ("one", "two", "three"):
        publish(clean, run_id)
        seen = {pd.read_parquet(tmp_path / f"{name}.parquet")["path"][0] for name in ("ledger", "text_lines")}
        assert seen == {run_id}
    assert {entry.name for entry in (tmp_path / ".sets").iterdir()} == {"two", "three"}


def test_tables_of_a_set_that_is_not_published_are_not_seen(tmp_path: Path) -> None:
    clean = CleanFolder(tmp_path)
    publish(clean, "one")
    clean.table_set("two").write(LEDGER, ledger("two"))
    assert pd.read_parquet(tmp_path / "ledger.parquet")["path"][0] == "one"
    assert clean.latest("ledger", "two").read("ledger")["path"][0] == "two"
    assert clean.latest("text_lines", "two").read("text_lines")["path"][0] == "one"


def test_a_run_that_redoes_one_table_takes_the_others_over(tmp_path: Path) -> None:
    clean = CleanFolder(tmp_path)
    publish(clean, "one")
    two = clean.table_set("two")
    two.write(LEDGER, ledger("two"))
    clean.publish(two)
    assert pd.read_parquet(tmp_path / "ledger.parquet")["path"][0] == "two"
    assert pd.read_parquet(tmp_path / "text_lines.parquet")["path"][0] == "one"


def test_drafts_and_parts_get_no_stable_name(tmp_path: Path) -> None:
    clean = CleanFolder(tmp_path)
    tables = clean.table_set("one")
    tables.write(LEDGER, ledger("one"))
    tables.write(LEDGER, ledger("one"), part="ingest")
    clean.publish(tables)
    assert [entry.name for entry in tmp_path.iterdir() if not entry.name.startswith(".")] == ["ledger.parquet"]


def test_nothing_is_published_where_a_real_file_is_in_the_way(tmp_path: Path) -> None:
    clean = CleanFolder(tmp_path)
    publish(clean, "one")
    (tmp_path / "text_lines.parquet").unlink()
    (tmp_path / "text_lines.parquet").write_text("mine")
    with pytest.raises(StorageError, match=r"text_lines\.parquet is in the way"):
        publish(clean, "two")
    assert (tmp_path / "text_lines.parquet").read_text() == "mine"
    assert pd.read_parquet(tmp_path / "ledger.parquet")["path"][0] == "one"


def test_a_full_disk_leaves_no_draft_and_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    tables = CleanFolder(tmp_path).table_set("one")
    with pytest.raises(StorageError, match=r"ledger\.parquet: cannot be written.*No space left.*free the disk"):
        tables.write(LEDGER, ledger("one"))
    assert list(tables.folder.iterdir()) == []


def test_a_clean_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"file/clean: cannot be written"):
        CleanFolder(tmp_path / "file" / "clean").prepare()


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[None]:
    """Somebody without rights for the time of a test; whoever runs the tests as such is that already."""
    own = [folder for folder in (tmp_path, *tmp_path.parents) if "pytest-of-" in str(folder)]
    for folder in own:  # pytest makes them for one user alone, one more of them where it runs in several processes
        folder.chmod(0o755)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


def test_folders_without_rights_are_named_with_the_remedy(tmp_path: Path, nobody: None) -> None:
    with pytest.raises(StorageError, match=r"usr/clean: cannot be written.*mend its rights"):
        CleanFolder(Path("/usr/clean")).prepare()


def test_a_folder_that_may_not_be_listed_is_found_with_its_error(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "open.txt").write_text("x")
    (tmp_path / "closed").mkdir(mode=0o000)
    request.getfixturevalue("nobody")
    found = {f.path: f.error for f in RawFolder(tmp_path).scan()}
    assert found["open.txt"] is None
    assert isinstance(found["closed"], PermissionError)


def test_a_missing_table_says_to_run_the_stages_before(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"works\.parquet: the table is not there yet; run the stages before"):
        CleanFolder(tmp_path).latest("works", "one")


def test_a_table_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    tables = CleanFolder(tmp_path).table_set("one")
    tables.folder.mkdir(parents=True)
    tables.path("works").write_text("no parquet")
    with pytest.raises(StorageError, match=r"works\.parquet: cannot be read"):
        tables.read("works")


def test_scan_is_sorted_and_leaves_hidden_files_out(tmp_path: Path) -> None:
    for name in ("b/two.txt", "a.txt", "b/.hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [found.path for found in RawFolder(tmp_path).scan()] == ["a.txt", "b/two.txt"]


def test_a_raw_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"nowhere: no such folder; make it, or name another with --raw"):
        RawFolder(tmp_path / "nowhere").scan()


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is no regular file"):
        RawFolder(tmp_path).read("pipe")


def test_a_name_that_is_not_utf8_is_shown_with_escapes(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("x")
    assert [found.path for found in RawFolder(tmp_path).scan()] == ["caf\\xe9.txt"]


def test_corrections_stand_beside_the_raw_folder(tmp_path: Path) -> None:
    raw = RawFolder(tmp_path / "raw")
    assert raw.corrections().empty
    (tmp_path / "corrections.csv").write_text(
        'path,before,after,note\nany,"a, b",c,\nx.txt,NA,d,me\n', encoding="utf-8"
    )
    rows = raw.corrections()
    assert rows["row_no"].tolist() == [1, 2]
    assert rows["before"].tolist() == ["a, b", "NA"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"path,before,after\n", r"its columns are \['path', 'before', 'after'\], and must be"),
        (b"path,before,after,note\nany,a,b\nany,c\n", "line 3 is 'any,c', which has 2 of the values"),
        (b"", r"cannot be read as CSV"),
        (b"path,before,after,note\nany,caf\xe9,x,\n", r"cannot be read as CSV in UTF-8"),
    ],
)
def test_corrections_that_cannot_be_read_are_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "corrections.csv").write_bytes(content)
    with pytest.raises(StorageError, match=r"corrections\.csv: " + says):
        RawFolder(tmp_path / "raw").corrections()


def test_decisions_stand_beside_the_raw_folder(tmp_path: Path) -> None:
    raw = RawFolder(tmp_path / "raw")
    columns = ["row_no", "decision", "one", "other", "note"]
    assert raw.decisions().columns.tolist() == columns
    assert raw.decisions().empty
    (tmp_path / "decisions.csv").write_text(
        'decision,one,other,note\nsame,w1,w2,"Åse says so, twice"\ndifferent,a1,NA,\n', encoding="utf-8"
    )
    rows = raw.decisions()[columns]
    assert rows.to_numpy().tolist() == [
        [1, "same", "w1", "w2", "Åse says so, twice"],
        [2, "different", "a1", "NA", ""],
    ]
    page = (tmp_path / "decisions.csv").read_bytes()
    assert page in raw.pages(linking=True)
    assert page not in raw.pages()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"decision,one,two,note\nsame,w1,w2,\n", "its columns are"),
        (b"\xff\xfe\x00", "cannot be read as CSV in UTF-8"),
        (b"", "cannot be read as CSV in UTF-8"),
    ],
)
def test_decisions_that_cannot_be_read_are_named(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "decisions.csv").write_bytes(content)
    with pytest.raises(StorageError, match=r"decisions\.csv: " + says):
        RawFolder(tmp_path / "raw").decisions()
