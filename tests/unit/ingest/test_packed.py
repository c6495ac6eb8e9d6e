import bz2
import gzip
import lzma
import random
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import bounds
from pipeline.ingest.packed import PackedText

TEXT = random.Random(1).randbytes(60_000) + b"line\n" * 30_000
PACKED = {"gzip": gzip.compress(TEXT[:100_000]) + gzip.compress(TEXT[100_000:]), "bzip2": bz2.compress(TEXT)}


def part(data: bytes, start: int, end: int) -> bytes:
    return data[start:end]


def text_of(data: bytes, name: str) -> PackedText:
    return PackedText(partial(part, data), len(data), name, kept=20_000)


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(sorted(PACKED)),
    st.lists(st.tuples(st.integers(0, len(TEXT) + 9), st.integers(0, 50_000)), max_size=6),
)
def test_any_places_in_any_order(name, asked):
    text = text_of(PACKED[name], name)
    assert text.measured() == (len(TEXT), None, None)
    for start, size in asked:
        assert text.read(start, start + size) == TEXT[start : start + size]


def test_what_was_read_long_ago_is_let_go():
    data = gzip.compress(b"x" * 9_000_000)
    text = text_of(data, "gzip")
    assert text.read(8_000_000, 8_000_010) == b"x" * 10
    assert len(text._held) < 2_200_000


def test_what_is_amiss_is_said():
    cut = text_of(PACKED["gzip"][:-1000], "gzip").measured()
    assert "the gzip file is cut at its byte" in cut.cut
    assert "4 bytes behind" in text_of(PACKED["gzip"] + b"tail", "gzip").measured().note
    data = bytearray(lzma.compress(TEXT))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(OSError, match=r"damaged near byte .* run again when nobody writes to it"):
        text_of(bytes(data), "xz").read(0, len(TEXT))


def test_a_text_that_packs_too_well_is_read_no_further(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(OSError, match="more than 100 times its size"):
        text_of(gzip.compress(bytes(9_000_000)), "gzip").read(8_000_000, 8_000_001)
    assert text_of(gzip.compress(random.Random(2).randbytes(2_000_000)), "gzip").measured().size == 2_000_000


def test_what_could_not_be_read_once_is_begun_anew():
    data, broken = PACKED["gzip"], []

    def read(start, end):
        if broken:
            raise OSError(broken.pop())
        return data[start:end]

    text = PackedText(read, len(data), "gzip", kept=20_000)
    broken.append("the disk is gone")
    with pytest.raises(OSError, match="the disk is gone"):
        text.read(100, 200)
    assert text.read(150_000, 150_100) == TEXT[150_000:150_100]
