import gzip
import io
import lzma
import stat
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import IngestError, bounds, read_lines, sources_of
from pipeline.ingest.archives import open_archive
from pipeline.ingest.unpacking import UnpackError
from schemas import TABLES

TEXT = "Quellmalz, Ottokar, Łęcka\nDouble Nets for Coastal Fog\n".encode()


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(*members: tuple[str, bytes | tuple[bytes, str]], mode: str = "w") -> bytes:
    """A tar archive; instead of bytes, a type and what it links to."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
            else:
                info.type, info.linkname = data
                archive.addfile(info)
    return stream.getvalue()


def rows(data: bytes, path: str = "a.zip") -> dict[str, tuple[str, str]]:
    """Status and message by path; the rows keep the contract."""
    found = list(sources_of(path, data))
    split = TABLES["sources"].split(TABLES["sources"].of(found), {})
    assert len(split.accepted) == len(found), [result for result in split.results if result.failures]
    return {source.path: (source.status, source.reason or source.note or "") for source in found}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_members_are_sources_of_their_own(mode):
    data = tarred(
        ("./folder/one.txt", TEXT),
        ("two.txt", TEXT * 2),
        (".hidden", b"x"),
        ("folder", (tarfile.DIRTYPE, "")),
        mode=mode,
    )
    assert rows(data, "x.tar") == {"x.tar!/folder/one.txt": ("read", ""), "x.tar!/two.txt": ("read", "")}
    archive = open_archive(data)
    source = list(sources_of("x.tar", data))[1]
    assert len(read_lines(archive.find("two.txt"), source)) == 4


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_zip_members_in_every_packing(method):
    data = zipped(("folder/", b""), ("folder/Łęcka.txt", TEXT), ("__MACOSX/._x", b"x"), method=method)
    assert rows(data) == {"a.zip!/folder/Łęcka.txt": ("read", "")}
    assert open_archive(data).find("folder/Łęcka.txt") == TEXT


def test_what_is_no_plain_file_is_refused_by_name():
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = rows(zipped(("../out.txt", TEXT), ("/etc/x", TEXT), ("C:\\x.txt", TEXT), ("a\\..\\x", TEXT), (link, b"to")))
    assert {status for status, _ in found.values()} == {"rejected"}
    assert len(found) == 5
    assert "leads out of the archive" in found["a.zip!/../out.txt"][1]
    assert "link" in found["a.zip!/link"][1]
    kinds = {
        "s": tarfile.SYMTYPE,
        "h": tarfile.LNKTYPE,
        "c": tarfile.CHRTYPE,
        "f": tarfile.FIFOTYPE,
        "g": tarfile.GNUTYPE_SPARSE,
    }
    found = rows(tarred(*((name, (kind, "/etc/passwd")) for name, kind in kinds.items())), "a.tar")
    assert all(status == "rejected" for status, _ in found.values())
    assert set(found) == {f"a.tar!/{name}" for name in kinds}


def test_encrypted_members_are_refused():
    data = bytearray(zipped(("a.txt", TEXT)))
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + place] |= 1
    assert "encrypted" in rows(bytes(data))["a.zip!/a.txt"][1]


def test_members_with_one_name_are_all_read():
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.txt", TEXT), ("a.txt", b"another\n"))
    found = rows(data)
    assert found["a.zip!/a.txt"] == ("read", "")
    assert "more than once" in found["a.zip!/a.txt#2"][1]
    assert open_archive(data).find("a.txt#2") == b"another\n"


def test_archives_inside_archives_are_read_so_deep_as_the_bound_allows():
    packed = gzip.compress(TEXT)
    inner = tarred(("c.txt.gz", packed), mode="w:xz")
    data = zipped(("b.tar.xz", inner), ("d.zip", zipped(("e.zip", zipped(("f.txt", TEXT))))))
    found = rows(data)
    assert found["a.zip!/b.tar.xz!/c.txt.gz"] == ("read", "")
    assert "MAX_DEPTH" in found["a.zip!/d.zip!/e.zip"][1]
    assert open_archive(data).find("b.tar.xz!/c.txt.gz") == packed
    with pytest.raises(UnpackError, match=r"no member nowhere\.txt"):
        open_archive(data).find("b.tar.xz!/nowhere.txt")


def test_a_cut_zip_is_refused_and_a_cut_tar_keeps_what_is_whole():
    data = zipped(("a.txt", TEXT * 50), ("b.txt", TEXT))
    assert rows(data[:-30])["a.zip"] == (
        "rejected",
        "a.zip: the zip archive is cut: its list of members, at its end, is missing; fetch it again",
    )
    tar = tarred(("a.txt", TEXT), ("b.txt", TEXT * 50))
    found = rows(tar[:2500], "a.tar")
    assert found["a.tar!/a.txt"] == ("read", "")
    assert found["a.tar!/b.txt"][0] == "read"
    assert f"its last {1536 + 50 * len(TEXT) - 2500} bytes are missing" in found["a.tar!/b.txt"][1]
    assert found["a.tar"][0] == "rejected"
    assert "cut" in found["a.tar"][1]
    packed = gzip.compress(tar)
    assert "the gzip file is cut at its byte" in rows(packed[:-20], "a.tgz")["a.tgz"][1]


def test_empty_archives_say_so():
    assert rows(zipped())["a.zip"][0] == "empty"
    assert rows(tarred(("folder", (tarfile.DIRTYPE, ""))), "a.tar")["a.tar"][0] == "empty"


def test_documents_are_no_archives():
    assert "zip archive (also Word" in rows(zipped(("[Content_Types].xml", b"<x/>")))["a.zip"][1]


def test_bounds_of_archives_are_named(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_MEMBERS", 2)
    three = [(f"{n}.txt", TEXT) for n in range(3)]
    assert "MAX_MEMBERS" in rows(zipped(*three))["a.zip"][1]
    assert "MAX_MEMBERS" in rows(tarred(*three))["a.zip"][1]
    monkeypatch.setattr(bounds, "MAX_MEMBERS", 100)
    monkeypatch.setattr(bounds, "MAX_ARCHIVE_BYTES", len(TEXT) * 2)
    found = rows(zipped(*three))
    assert [status for status, _ in found.values()] == ["read", "read", "rejected"]
    assert "MAX_ARCHIVE_BYTES" in found["a.zip"][1]
    monkeypatch.setattr(bounds, "MAX_DIRECTORY_BYTES", 10)
    assert "MAX_DIRECTORY_BYTES" in rows(zipped(*three))["a.zip"][1]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_bombs_in_archives_stop_at_the_ratio(method):
    data = zipped(("bomb.txt", bytes(48 * 1024 * 1024)), ("good.txt", TEXT), method=method)
    found = rows(data)
    assert found["a.zip!/good.txt"] == ("read", "")
    status, why = found["a.zip!/bomb.txt"]
    assert status == "rejected"
    assert "MAX_RATIO" in why or "binary" in why


def test_sizes_below_zero_do_not_go_round_in_circles():
    info = tarfile.TarInfo("a.txt")
    header = bytearray(info.tobuf())
    header[124:136] = b"\xff" * 12
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert all(status == "rejected" for status, _ in rows(bytes(header) * 4, "a.tar").values())


def test_names_that_do_harm_are_written_with_escapes():
    found = rows(tarred(("a\x1b[2J\n.txt", TEXT), ("caf\udce9.txt", TEXT)), "a.tar")
    assert set(found) == {r"a.tar!/a\x1b[2J\x0a.txt", r"a.tar!/caf\xe9.txt"}


SEEDS = [
    zipped(("a.txt", TEXT), ("b/c.txt", TEXT)),
    tarred(("a.txt", TEXT), ("b/c.txt", TEXT)),
    tarred(("a.txt", TEXT), mode="w:gz"),
    lzma.compress(tarred(("a" * 120, TEXT))),
]


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.integers(0, 4000), st.binary(min_size=1, max_size=6)), max_size=5),
    st.integers(0, 200),
)
def test_damaged_archives_never_raise_and_lines_slice_back(data, edits, cut):
    broken = bytearray(data)
    for number, new in edits:
        place = number % len(broken)
        broken[place : place + len(new)] = new
    broken = bytes(broken[: len(broken) - cut])
    for source in sources_of("x", broken):
        assert (source.status == "read") == (source.reason is None)
        if source.status == "read":
            member = broken if source.path == "x" else open_archive(broken).find(source.path.removeprefix("x!/"))
            try:
                read_lines(member, source)
            except IngestError as error:
                raise AssertionError("what was identified is read") from error


def test_a_member_without_a_name_has_a_row():
    data = zipped(("a.txt", TEXT))
    start, listed = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    header = bytearray(data[start:listed])
    header[28:30] = b"\x00\x00"  # length of the name
    del header[46:51]
    end = bytearray(data[listed:])
    end[12] -= 5
    found = rows(data[:start] + bytes(header) + bytes(end))
    assert list(found) == ["a.zip!/(no name)"]
