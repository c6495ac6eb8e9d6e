import dataclasses
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import IngestError, Line, identify, read_lines
from pipeline.ingest.mixed import codecs_of_lines
from pipeline.ingest.reading import count_lines, joined_lines, line_spans
from pipeline.repair.plausible import price


def read(data: bytes, path: str = "a.txt") -> list[Line]:
    return read_lines(data, identify(path, data))


def test_lines_and_their_bytes():
    assert read("Säe\r\n\nfog\rnets".encode()) == [
        Line(1, 0, 4, "Säe"),
        Line(2, 6, 6, ""),
        Line(3, 7, 10, "fog"),
        Line(4, 11, 15, "nets"),
    ]


def test_mark_belongs_to_no_line():
    assert read("fog\n".encode("utf-8-sig")) == [Line(1, 3, 6, "fog")]
    assert read("fog\n".encode("utf-16")) == [Line(1, 2, 8, "fog")]


def test_wide_line_ends_are_whole_code_units():
    # U+0A0D, U+0D0A and U+010A hold the bytes of line ends and are none.
    text = "fog nets and ropes \u0a0d\u0d0a\u010a\u0a00 end\nsecond"
    for codec in ("utf-16-le", "utf-16-be", "utf-16"):
        assert [line.text for line in read(text.encode(codec))] == text.split("\n")


@pytest.mark.parametrize("char", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_other_separators_end_no_line(char):
    assert [line.text for line in read(f"fog{char}nets\nropes".encode())] == [f"fog{char}nets", "ropes"]


def test_offsets_are_of_the_unpacked_bytes():
    assert read(gzip.compress(b"fog\nnets\n")) == [Line(1, 0, 3, "fog"), Line(2, 4, 8, "nets")]


def test_changed_bytes_are_refused():
    source = identify("a.txt", b"fog nets\n")
    with pytest.raises(IngestError, match=r"a\.txt: changed while .*9 bytes before, 5 now.*run again") as caught:
        read_lines(b"fog\n\n", source)
    assert caught.value.path == "a.txt"


def test_bytes_that_are_not_in_the_encoding_name_the_byte():
    data = "fog\nnets é\n".encode()
    source = dataclasses.replace(identify("a.txt", data), encoding="ascii")
    with pytest.raises(IngestError, match=r"a\.txt, byte 9: is not ascii .*save it as UTF-8") as caught:
        read_lines(data, source)
    assert caught.value.byte == 9


def test_packed_bytes_that_were_not_identified_so():
    data = gzip.compress(b"fog\n")[:9]
    source = dataclasses.replace(identify("a.gz", gzip.compress(b"fog\n")), sha256=identify("a.gz", data).sha256)
    with pytest.raises(IngestError, match=r"a\.gz: the gzip file is cut"):
        read_lines(data, source)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02"])
def test_only_files_that_were_read_have_lines(data):
    with pytest.raises(IngestError, match=r"a\.txt: has no lines"):
        read(data)


ANY_FILE = st.one_of(
    st.binary(max_size=120),
    st.tuples(st.text(max_size=60), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])).map(
        lambda pair: pair[0].encode(pair[1], "surrogatepass")
    ),
    st.tuples(st.text("ab é\r\n", max_size=30), st.sampled_from(["cp1252", "utf-16-le", "utf-8"])).map(
        lambda pair: pair[0].encode(pair[1])
    ),
)


MIXED = st.lists(
    st.tuples(
        st.text("ab éŁж文\u0e01", max_size=9), st.sampled_from(["utf-8", "cp1252", "cp1250", "cp1251", "gbk"])
    ).map(lambda pair: pair[0].encode(pair[1], "ignore"))
).map(b"\n".join)


@settings(deadline=None, max_examples=200)
@given(st.one_of(ANY_FILE, MIXED), st.sampled_from([None, price]))
def test_lines_cover_the_file_and_say_what_its_bytes_say(data, judge):
    source = identify("a.txt", data, judge)
    if source.status != "read" or source.compression != "none":
        return
    lines = read_lines(data, source)
    assert len(lines) == source.line_count
    assert [line.line_no for line in lines] == list(range(1, len(lines) + 1))
    ends = [0, *(line.byte_end for line in lines), len(data)]
    for line, before in zip(lines, ends, strict=False):
        codec = codecs_of_lines(source.encoding, source.encoding_lines, len(lines))[line.line_no - 1]
        assert data[line.byte_start : line.byte_end].decode(codec, "replace") == line.text
        gap = data[before : line.byte_start].decode(codec, "replace")
        assert gap.removeprefix("\ufeff") in {"", "\n", "\r", "\r\n"}
    assert data[ends[-2] :].decode(source.encoding.partition("+")[0], "replace") in {"", "\n", "\r", "\r\n"}


@settings(max_examples=100, deadline=None)
@given(st.text("a\u00e9\ufeff\r\n", max_size=12), st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le"]))
def test_lines_are_counted_as_they_are_listed(text, codec):
    data, encoding = f"x{text}".encode(codec), codec.removesuffix("-sig")
    spans = list(line_spans(data, encoding))
    assert count_lines(data, encoding) == len(spans)
    assert joined_lines(data.decode(encoding)) == "\n".join([data[start:end].decode(encoding) for start, end in spans])
