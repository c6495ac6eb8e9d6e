import gzip
import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import Source, bounded, bounds, identify, unreadable
from schemas import TABLES

TEXT = "Quellmalz, Ottokar\nDouble Nets for Coastal Fog\n"


def told(source: Source, *words: str) -> bool:
    """The reason starts with the file and holds all words."""
    return source.reason.startswith(f"{source.path}: ") and all(word in source.reason for word in words)


def test_row_of_a_file_that_is_read():
    data = TEXT.encode()
    assert identify("a/b.txt", data) == Source(
        "a/b.txt", hashlib.sha256(data).hexdigest(), len(data), "none", "utf-8", "valid", "lf", 2, "read", None
    )


@pytest.mark.parametrize(
    ("text", "newline", "lines"),
    [
        ("a\nb", "lf", 2),
        ("a\nb\n", "lf", 2),
        ("a\r\nb\r\n\r\n", "crlf", 3),
        ("a\rb", "cr", 2),
        ("a\nb\r\nc", "mixed", 3),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "none", 1),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32"])
def test_line_ends(text, newline, lines, codec):
    source = identify("a.txt", text.encode(codec))
    assert (source.newline, source.line_count) == (newline, lines)


def test_empty():
    source = identify("a.txt", b"")
    assert (source.status, source.bytes, source.encoding, source.line_count) == ("empty", 0, None, 0)
    assert told(source, "no bytes")


@pytest.mark.parametrize(
    "data",
    [b" \r\n\t\n", "\ufeff \u00a0\n".encode(), b"\xff\xfe \x00", gzip.compress(b"\n\n", mtime=0), b"\xef\xbb\xbf"],
)
def test_white_space_only(data):
    source = identify("a.txt", data)
    assert (source.status, source.line_count, source.newline) == ("empty", 0, None)
    assert told(source, "white space")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("size", [64, 500, 20_000])
def test_random_bytes_are_binary(seed, size):
    source = identify("a.bin", random.Random(seed).randbytes(size))
    assert (source.status, source.encoding, source.line_count) == ("rejected", None, 0)
    assert told(source, "binary", "save it as UTF-8")


def test_random_bytes_without_zero_are_binary():
    data = random.Random(5).randbytes(5000).replace(b"\x00", b"\x01")
    assert told(identify("a.bin", data), "binary")


def test_many_zero_bytes_name_the_first():
    source = identify("a.txt", b"fog \x00 nets \x00\x00 and more text than zero bytes\n")
    assert source.status == "rejected"
    assert told(source, "binary", "3 zero byte", "byte 4", "tr -d")


def test_control_characters_are_binary():
    assert told(identify("a.txt", b"fog\x01\x02\x03\x04\x05\x06" * 20), "control characters")


def test_packed_text():
    data = gzip.compress(TEXT.encode()) + gzip.compress(b"a second member\n")
    source = identify("a.txt.gz", data)
    assert (source.compression, source.status, source.line_count, source.bytes) == ("gzip", "read", 3, len(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("damage", [lambda d: d[:-6] + b"\x00\x00" + d[-4:], lambda d: d[:30] + b"\xff" * 9 + d[39:]])
def test_damaged_gzip_is_refused(damage):
    assert told(identify("a.txt.gz", damage(gzip.compress(TEXT.encode() * 5))), "damaged", "fetch it again")


def test_bound_of_unpacking_is_named(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_UNPACKED_BYTES", 1000)
    assert identify("a.gz", gzip.compress(b"a" * 1000)).status == "read"
    assert told(identify("a.txt", b"a" * 1001), "1000 bytes", "MAX_UNPACKED_BYTES")
    assert told(identify("a.gz", gzip.compress(b"a" * 1001)), "1000 bytes", "MAX_UNPACKED_BYTES")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04\x14\x00", "zip"),
        (b"\x89PNG\r\n\x1a\n\x00", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a\x01", "GIF"),
        (b"II*\x00\x08", "TIFF"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"a.txt".ljust(257, b"\x00") + b"ustar\x00", "tar"),
        (b"SQLite format 3\x00", "SQLite"),
        (gzip.compress(b"%PDF-1.7\n", mtime=0), "PDF"),
        (gzip.compress(gzip.compress(b"fog", mtime=0), mtime=0), "gzip"),
    ],
)
def test_other_file_types_are_named(data, kind):
    source = identify("a.file", data)
    assert source.status == "rejected"
    assert told(source, kind, "take the text out")


@pytest.mark.parametrize("text", ["BZh is the start of a name\n", "ID3 trees\n", "OggS\n", "PAR1 and PAR2\n"])
def test_text_that_starts_like_a_type_is_text(text):
    assert identify("a.txt", text.encode()).status == "read"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), ("no permission", "chmod")),
        (FileNotFoundError(2, "No such file"), ("vanished", "run again")),
        (IsADirectoryError(21, "Is a directory"), ("is a folder",)),
        (NotADirectoryError(20, "Not a directory"), ("no folder",)),
        (OSError(5, "Input/output error"), ("Input/output error", "disk")),
    ],
)
def test_unreadable(error, words):
    source = unreadable("locked/a.txt", error)
    assert (source.status, source.sha256, source.bytes, source.line_count) == ("rejected", None, None, 0)
    assert told(source, *words)


def kept(sources):
    split = TABLES["sources"].split(TABLES["sources"].of(sources), {})
    return [result for result in split.results if len(split.rejected)], len(split.accepted)


def test_rows_keep_the_contract():
    data = [b"", b" \n", TEXT.encode(), TEXT.encode("utf-16"), b"\x00\x01", b"%PDF-1", gzip.compress(b"fog")[:9]]
    sources = [identify(f"{number}.txt", item) for number, item in enumerate(data)]
    sources.append(unreadable("x.txt", PermissionError(13, "Permission denied")))
    broken, accepted = kept(sources)
    assert not broken
    assert accepted == len(sources)


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=80).map(str.encode),
        st.text(max_size=80).map(lambda t: t.encode("utf-16", "surrogatepass")),
    )
)
def test_any_bytes_get_a_row(data):
    source = identify("a.txt", data)
    assert source.status in {"read", "empty", "rejected"}
    assert (source.status == "read") == (source.reason is None)
    assert (source.line_count > 0) == (source.status == "read")


def test_broken_bytes_are_noted_with_their_place() -> None:
    whole = "Łódź and Ćmielów and Kraków\n" * 4
    assert identify("a.txt", whole.encode()).note is None
    cut = identify("a.txt", whole.encode() + "ó".encode()[:1])
    assert cut.status == "read"
    assert cut.note is not None
    assert cut.note.startswith(f"not valid utf-8 at byte {len(whole.encode())} ")
    assert "1 in all" in cut.note


def test_a_line_longer_than_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_LINE_BYTES", 1000)
    short, long = b"fog\n" + b"a" * 1000 + b"\nnets\n", b"fog\n" + b"a" * 1001 + b"\nnets\n"
    for packed in (bytes, gzip.compress):
        assert bounded(identify("a", packed(short)), packed(short)).status == "read"
        refused = bounded(identify("a", packed(long)), packed(long))
        assert refused.status == "rejected"
        assert told(refused, "line 2 has 1001 bytes", "MAX_LINE_BYTES")
        assert kept([refused]) == ([], 1)
