"""Text without a pipeline: line ends stay, lines vote, reasons can be read, bytes that are no text are named."""

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.repair import undo
from pipeline.textfilter import UndecodableError, decoded, mend_document, mend_documents

NAME = "Škvorecký, Josef"
DAMAGED = NAME.encode().decode("cp1250", "replace")


def test_lost_letters_are_marked_where_that_is_asked_for() -> None:
    mended = mend_document("Xqaลk\nKurt GÃ¶del\n")
    assert mended.text == "Xqaลk\nKurt Gödel\n"
    assert mended.marked().text == "Xqa\ufffdk\nKurt Gödel\n"
    assert "was asked" in "".join(mended.marked().explanation("names.txt"))


def test_line_ends_stay_as_they_are() -> None:
    mended = mend_document("GÃ¶del\r\nplain\rBolzano &amp; Weierstraß\n\nlast")
    assert mended.text == "Gödel\r\nplain\rBolzano & Weierstraß\n\nlast"


def test_encoding_only_leaves_entities_and_ligatures() -> None:
    assert mend_document("GÃ¶del &amp; oﬃce", encoding_only=True).text == "Gödel &amp; oﬃce"
    assert mend_document("GÃ¶del &amp; oﬃce").text == "Gödel & office"


def test_the_explanation_names_place_change_and_certainty() -> None:
    (line,) = mend_document("plain\nKurt GÃ¶del\n").explanation("names.txt")
    assert line.startswith("names.txt:2:7: 'Ã¶' -> 'ö' [mojibake, utf-8>")
    assert ", exact, " in line


def test_what_is_left_is_explained_too() -> None:
    lines = list(mend_document("Sล, Wiล, Paweล, Kล, Cรณ\nMarรญa\nGarcรญa\n").explanation("names.txt"))
    left = [line for line in lines if "left (or " in line]
    assert left
    assert all("unresolved" in line for line in left)


def test_the_diff_is_a_unified_diff() -> None:
    lines = list(mend_document("plain\nKurt GÃ¶del\n").diff("names.txt"))
    assert lines[:2] == ["--- names.txt", "+++ names.txt (mended)"]
    assert "-Kurt GÃ¶del" in lines
    assert "+Kurt Gödel" in lines


def test_clean_text_has_no_diff_and_no_explanation() -> None:
    mended = mend_document("Straße und Café\nשלום\nไทย\n")
    assert list(mended.diff("a")) == list(mended.explanation("a")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_bytes_are_decoded_by_what_they_are(encoding: str) -> None:
    assert decoded(NAME.encode(encoding), None, "x") == NAME


def test_a_named_encoding_is_used_and_packed_bytes_are_unpacked() -> None:
    assert decoded(NAME.encode("cp1250"), "cp1250", "x") == NAME
    assert decoded(gzip.compress(NAME.encode()), None, "x") == NAME


@pytest.mark.parametrize(
    ("data", "encoding", "says"),
    [
        (b"\xff\x00\x01\x02", None, "x.txt: is binary"),
        (b"caf\xe9", "utf-8", "x.txt: byte 3 is not utf-8"),
        (b"cafe", "klingon", "x.txt: unknown encoding: klingon; use a name that Python knows"),
        (gzip.compress(b"abc" * 99, mtime=0)[:-9], "utf-8", "x.txt: the gzip file is cut"),
    ],
)
def test_what_cannot_be_decoded_says_why_and_what_to_do(data: bytes, encoding: str | None, says: str) -> None:
    with pytest.raises(UndecodableError) as raised:
        decoded(data, encoding, "x.txt")
    assert str(raised.value).startswith(says)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=80, deadline=None)
def test_the_text_before_can_always_be_had_back(text: str) -> None:
    mended = mend_document(text)
    assert "".join(undo(line) + end for line, end in zip(mended.lines, mended.ends, strict=True)) == text


def test_a_stray_byte_is_named_with_a_remedy_that_works() -> None:
    data = "Bolesław Wróblewski, Zdzisława, ".encode() + b"caf\xe9\n"
    with pytest.raises(UndecodableError, match="latin-1"):
        decoded(data, None, "x.txt")
    assert mend_document(decoded(data, "latin-1", "x.txt")).text == "Bolesław Wróblewski, Zdzisława, café\n"


def test_a_word_that_nobody_can_read_is_read_like_its_twin_in_another_text() -> None:
    texts = {"a.txt": "Moลdrzyk, Ana\n", "b.txt": "Mołdrzyk, Eva\n"}
    assert mend_document(texts["a.txt"]).text == texts["a.txt"]
    mended = mend_documents(texts)
    assert {name: text.text for name, text in mended.items()} == {"a.txt": "Mołdrzyk, Ana\n", "b.txt": texts["b.txt"]}
    (line,) = mended["a.txt"].explanation("a.txt")
    assert line.endswith("stands undamaged in b.txt")
    assert mend_documents(texts, encoding_only=True)["a.txt"].text == "Mołdrzyk, Ana\n"
