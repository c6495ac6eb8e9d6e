"""Raw and clean folders on an object store: a real S3 server on this machine, and the same tables as on a disk."""

import json
import logging
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import duckdb
import fsspec
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from moto.server import ThreadedMotoServer

from pipeline.cli import main
from pipeline.engine import Settings, StageRun, running
from pipeline.objectstore import Lease, LeaseHeldError, place
from pipeline.steps import STEPS
from pipeline.storage import BusyError, CleanFolder, RawFolder
from pipeline.tables import StorageError
from schemas import TABLES

LINE = "Abstract:We look at {} for a long time and write down what we see, day after day.\n"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running_server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running_server.start()
    host, port = running_server.get_host_and_port()
    yield f"http://{host}:{port}"
    running_server.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    files = fsspec.filesystem("s3")
    files.mkdir("listings")
    yield "s3://listings"
    files.rm("listings", recursive=True)


def page(*words: str) -> bytes:
    return ("Somebody\n" + "".join(LINE.format(word) for word in words)).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()


PAGES = {
    "c.zip": zipped({"one.txt": page("terns"), "two.txt": page("gulls")}),
    "line\u2028break.txt": page("wrens"),
    "a/storks.txt": page("storks", "herons in the ca\u00f1ada".encode().decode("cp1252")),
    "a/zoë.txt": page("cranes"),
    "b.txt": page("geese", "swans"),
    ".hidden/no.txt": page("owls"),
}


def put(bucket: str, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        fsspec.filesystem("s3").pipe_file(f"{bucket}/{name}", data)


def run(raw: Path, clean: Path, name: str, workers: int = 1) -> None:
    with CleanFolder(clean).held():
        for step in STEPS.values():
            step.work(StageRun(step.stage, RawFolder(raw), CleanFolder(clean), name), Settings(workers))
        CleanFolder(clean).publish(CleanFolder(clean).table_set(name))


def manifest(bucket: str) -> dict[str, dict[str, str]]:
    return json.loads(fsspec.filesystem("s3").cat_file(f"{bucket}/clean/published.json"))


def test_the_tables_are_those_of_a_run_on_a_disk(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["pipeline.engine.batches"], "BATCH_FILES", 1)
    monkeypatch.setattr(running, "WORTH_A_WORKER", 1)
    put(bucket, {f"raw/{name}": data for name, data in PAGES.items()})
    correction = b"path,before,after,note\nany,swans,mute swans,\n"
    put(bucket, {"corrections.csv": correction})
    for name, data in PAGES.items():
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / name).write_bytes(data)
    (tmp_path / "corrections.csv").write_bytes(correction)
    run(tmp_path / "raw", tmp_path / "clean", "same")
    run(place(f"{bucket}/raw"), place(f"{bucket}/clean"), "same", workers=2)
    tables = manifest(bucket)["tables"]
    assert set(tables) == set(TABLES)
    for name, path in tables.items():
        stored = fsspec.filesystem("s3").cat_file(f"{bucket}/clean/{path}")
        assert stored == (tmp_path / "clean" / f"{name}.parquet").read_bytes(), name


def test_runs_there_follow_one_another_and_analysts_read_what_the_manifest_names(bucket: str) -> None:
    put(bucket, {f"raw/{name}": data for name, data in PAGES.items()})
    command = ["run", "--raw", f"{bucket}/raw", "--clean", f"{bucket}/clean"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    first = manifest(bucket)["run"]
    put(bucket, {"raw/d.txt": page("rooks")})
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert "published.json" in done.output
    second = manifest(bucket)["run"]
    assert second != first

    tables = manifest(bucket)["tables"]
    url = f"{bucket}/clean/{tables['records']}"
    assert len(pd.read_parquet(url)) == 9
    with fsspec.open(url) as stream:
        assert pl.read_parquet(stream).height == 9
    duckdb.register_filesystem(fsspec.filesystem("s3"))
    wanted = f"SET VARIABLE records = (SELECT '{bucket}/clean/' || tables.records FROM '{bucket}/clean/published.json')"
    duckdb.sql(wanted)
    assert duckdb.sql("SELECT count(*) FROM read_parquet(getvariable('records'))").limit(1).fetchall() == [(9,)]

    traced = CliRunner().invoke(
        main, ["trace", pd.read_parquet(url)["record_id"][0], "--raw", f"{bucket}/raw", "--clean", f"{bucket}/clean"]
    )
    assert traced.exit_code == 0, traced.output
    assert "storks.txt" in traced.output

    put(bucket, {"raw/d.txt": page("rooks", "owls")})
    run(place(f"{bucket}/raw"), place(f"{bucket}/clean"), "third")
    sets = {path.rpartition("/")[2] for path in fsspec.filesystem("s3").ls(f"{bucket}/clean/.sets", refresh=True)}
    assert {second, "third"} <= sets, "readers may still be in the set before"
    assert first not in sets
    for name in TABLES:
        with fsspec.open(f"{bucket}/clean/{manifest(bucket)['tables'][name]}") as stream:
            assert pq.read_schema(stream).metadata[b"palimpsest.run"] == b"third", name


def test_a_table_that_is_not_finished_is_not_there(bucket: str) -> None:
    tables = CleanFolder(place(f"{bucket}/clean")).table_set("one")
    with pytest.raises(RuntimeError, match="in the middle"), tables.writer(TABLES["records"]):
        raise RuntimeError("in the middle")
    assert not tables.has("records")
    assert fsspec.filesystem("s3").find(f"{bucket}/clean") == []


def test_one_run_at_a_time(bucket: str) -> None:
    clean = CleanFolder(place(f"{bucket}/clean"))
    with clean.held(), pytest.raises(BusyError, match=r"another run writes here, process .* until"), clean.held():
        pass
    with clean.held():
        pass


def test_the_lease_of_a_dead_run_ends(bucket: str) -> None:
    lease = Lease(place(f"{bucket}/clean/.sets/.lock"))
    put(bucket, {"clean/.sets/.lock": b'{"who": "x", "until": "2020-01-01T00:00:00+00:00", "token": "t"}'})
    with lease.held():
        assert lease.holder()["token"] == lease.token
        with pytest.raises(LeaseHeldError), Lease(lease.path).held():
            pass
    assert lease.holder() == {}


def test_a_bucket_that_is_not_there_is_named(bucket: str) -> None:
    with pytest.raises(StorageError, match="s3://nowhere/raw: cannot be listed"):
        RawFolder(place("s3://nowhere/raw")).scan()
    done = CliRunner().invoke(main, ["run", "--raw", "s3://nowhere/raw", "--clean", f"{bucket}/clean"])
    assert done.exit_code == 2
    assert "s3://nowhere/raw" in done.output


def test_stamps_change_with_objects(bucket: str) -> None:
    put(bucket, {"raw/a.txt": page("storks"), "raw/b.txt": page("owls")})
    raw = RawFolder(place(f"{bucket}/raw"))
    before = raw.stamps()
    assert raw.stamps() == before
    put(bucket, {"raw/a.txt": page("storms")})
    after = raw.stamps()
    assert before["a.txt"] != after["a.txt"]
    assert before["b.txt"] == after["b.txt"]
    put(bucket, {"corrections.csv": b"path,before,after,note\n"})
    assert raw.stamps() != after
