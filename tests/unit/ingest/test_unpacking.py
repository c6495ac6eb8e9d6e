import bz2
import gzip
import lzma
import sys
import time
import tracemalloc

import pytest

from pipeline.ingest import bounds, identify, read_lines
from pipeline.ingest.unpacking import UnpackError, compression_of, unpack, unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = "".join(f"Quellmalz, Ottokar {n}, Łęcka\n" for n in range(400)).encode()
CHECKED = {zstd.CompressionParameter.checksum_flag: 1}
PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: zstd.compress(data, options=CHECKED),
}
every_format = pytest.mark.parametrize("name", PACKERS)


@every_format
def test_packed_text(name):
    data = PACKERS[name](TEXT) + PACKERS[name](b"a second stream\n")
    source = identify("a.txt", data)
    assert (source.compression, source.status, source.line_count, source.note) == (name, "read", 401, None)
    assert read_lines(data, source)[-1].text == "a second stream"


@every_format
def test_bytes_behind_the_end_are_noted_and_padding_is_not(name):
    data = PACKERS[name](TEXT)
    assert unpacked(data + bytes(512), name).note is None
    source = identify("a.txt", data + b"tail")
    assert source.status == "read"
    assert f"4 bytes behind the end of the {name} data, from byte {len(data)}" in source.note


@every_format
def test_a_cut_file_gives_what_can_be_unpacked_and_says_so(name):
    # bzip2 gives whole blocks of 900,000 bytes only
    text = b"".join(b"%07d %d\n" % (n * n % 9_999_991, n) for n in range(200_000))
    data = PACKERS[name](text)
    cut = data[: len(data) * 9 // 10]
    found = unpacked(cut, name)
    assert found.data
    assert text.startswith(found.data)
    source = identify("a.txt", cut)
    assert source.status == "read"
    assert f"the {name} file is cut at its byte {len(cut)}: {len(found.data)} bytes" in source.note
    lines = read_lines(cut, source)
    assert found.data.splitlines() == [found.data[line.byte_start : line.byte_end] for line in lines]
    assert found.data.endswith(b"\n") != (f"its last line ({len(lines)}) is not whole" in source.note)


@pytest.mark.parametrize("kept", range(1, 60, 7))
@every_format
def test_cut_anywhere_it_is_read_or_refused_and_never_silent(name, kept):
    data = PACKERS[name](TEXT)[:kept]
    source = identify("a.txt", data)
    if source.status == "read" and compression_of(data) != "none":
        assert "is cut" in source.note
    elif compression_of(data) != "none":
        assert "cut" in source.reason


@every_format
def test_a_damaged_file_is_refused(name):
    data = bytearray(PACKERS[name](TEXT))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(UnpackError, match=f"the {name} file is (damaged|cut)"):
        unpack(bytes(data), name)


@every_format
def test_a_bomb_stops_early_and_names_the_bound(name):
    bomb = PACKERS[name](bytes(64 * 1024 * 1024))
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(UnpackError, match=r"MAX_RATIO|MAX_UNPACKED_BYTES"):
        unpack(bomb * 20, name)
    assert time.process_time() - start < 20
    assert tracemalloc.get_traced_memory()[1] < 3 * bounds.MAX_UNPACKED_BYTES
    tracemalloc.stop()


def test_text_that_starts_like_bzip2_is_text():
    assert compression_of(b"BZh is the start of a name") == "none"
