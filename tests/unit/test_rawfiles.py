import io
import os
import tarfile
import threading
import time
import zipfile
from pathlib import Path

import pytest

from pipeline import rawfiles
from pipeline.ingest import bounds, identify, sources_of, unreadable
from pipeline.storage import Found, RawFolder

TEXT = b"Quellmalz, Ottokar\nDouble Nets for Coastal Fog\n"


def test_members_are_read_by_their_keys_and_real_files_come_first(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/b.txt", TEXT)
    (tmp_path / "c!").mkdir()
    (tmp_path / "c!" / "d.txt").write_bytes(b"plain")
    raw = RawFolder(tmp_path)
    assert raw.read("a.zip!/x/b.txt") == TEXT
    assert raw.read("c!/d.txt") == b"plain"
    with pytest.raises(OSError, match=r"no member nowhere\.txt"):
        raw.read("a.zip!/nowhere.txt")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("x/b.txt", b"changed")
    os.utime(tmp_path / "a.zip", (1, 1))
    assert raw.read("a.zip!/x/b.txt") == b"changed"


@pytest.mark.parametrize("key", ["../out.txt", "/etc/hostname", "a/../../out.txt", "a!/../../out.txt"])
def test_no_key_leads_out_of_the_folder(tmp_path: Path, key: str) -> None:
    (tmp_path / "out.txt").write_bytes(b"secret")
    (tmp_path / "raw" / "a!").mkdir(parents=True)
    with pytest.raises(OSError, match="leads out of the raw folder"):
        RawFolder(tmp_path / "raw").read(key)


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"a\x1b[2J\nb.txt", b"back\\x41slash.txt", "Łęcka.txt".encode()])
def test_files_of_any_name_are_read_by_their_keys(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_bytes(TEXT)
    raw = RawFolder(tmp_path)
    [found] = raw.scan()
    found.path.encode("utf-8")
    assert found.path.isprintable()
    assert raw.read(found.path) == TEXT
    assert " " in raw.stamp(found.path)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    monkeypatch.setattr(bounds, "MAX_FILE_BYTES", 10)
    with pytest.raises(OSError, match=r"more than 10 \(MAX_FILE_BYTES\)") as caught:
        RawFolder(tmp_path).read("a.txt")
    assert unreadable("a.txt", caught.value).reason == f"a.txt: {caught.value}"


def test_a_file_that_is_being_written_is_left_for_the_next_run(tmp_path: Path) -> None:
    for name in ("old.txt", "new.txt", "growing.txt"):
        (tmp_path / name).write_bytes(TEXT)
    os.utime(tmp_path / "old.txt", (1, 1))
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.05):
            with (tmp_path / "growing.txt").open("ab") as stream:
                stream.write(b"more\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = RawFolder(tmp_path).settled(RawFolder(tmp_path).scan())
    finally:
        done.set()
        writer.join()
    errors = {file.path: file.error for file in found}
    assert errors["old.txt"] is errors["new.txt"] is None
    assert "still being written" in str(unreadable("growing.txt", errors["growing.txt"]).reason)


def test_files_at_rest_are_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    os.utime(tmp_path / "a.txt", (1, 1))
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("waited"))
    assert rawfiles.Fresh.of(tmp_path, ["a.txt", "nowhere.txt"]).growing() == set()
    assert RawFolder(tmp_path).settled([Found("a.txt")]) == [Found("a.txt")]


def test_what_is_left_of_the_time_between_two_looks_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    raw = RawFolder(tmp_path)
    fresh = raw.fresh(raw.scan())
    assert list(fresh.looks) == ["a.txt"]
    later = time.monotonic() + 0.4
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert raw.settled(raw.scan(), fresh) == raw.scan()
    later += 9
    (tmp_path / "a.txt").write_bytes(TEXT + b"more")
    assert raw.settled(raw.scan(), fresh)[0].error
    assert 0 < waited[0] <= 0.1 < rawfiles.SETTLE_SECONDS
    assert waited[1] == 0


def test_every_member_that_was_identified_can_be_read_again(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for number in range(40):
            info = tarfile.TarInfo(f"n{number % 30}.txt")
            info.size = len(TEXT)
            archive.addfile(info, io.BytesIO(TEXT))
    (tmp_path / "a.tgz").write_bytes(stream.getvalue())
    raw = RawFolder(tmp_path)
    sources = list(sources_of("a.tgz", raw.read("a.tgz"), identify))
    assert len({source.path for source in sources}) == 40
    assert all(raw.read(source.path) == TEXT for source in sources)
