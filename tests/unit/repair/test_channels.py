"""Every channel is inverted exactly, once and twice; codecs read bytes as Python and as lenient readers do."""

import pytest

from pipeline.repair import mend_lines, mend_text, undo
from pipeline.repair.channels import BY_NAME, CODECS, Codec, decode_utf8, masks

# Words with letters whose second bytes run over the whole range, from several languages.
SENTENCE = "Blåbærsyltetøy için çağrı, prêt à porter, Löwenzahnsaft, příšerně, źdźbło, năm mươi"
SINGLE = [codec for codec in CODECS if not codec.multibyte]
# big5hkscs reads so many byte pairs as signs that single words tell nothing.
MULTIBYTE = [codec for codec in CODECS if codec.multibyte and codec.name != "big5hkscs"]


def lenient(data: bytes, codec: Codec) -> str:
    return "".join(codec.table[byte] for byte in data)


@pytest.mark.parametrize("codec", SINGLE, ids=lambda codec: codec.name)
def test_utf8_read_as_a_single_byte_codec(codec: Codec) -> None:
    damaged = lenient(SENTENCE.encode(), codec)
    mended = mend_text(damaged)
    assert mended.text == SENTENCE
    assert {repair.certainty for repair in mended.repairs} == {"exact"}
    assert undo(mended) == damaged


@pytest.mark.parametrize("codec", MULTIBYTE, ids=lambda codec: codec.name)
def test_utf8_read_as_a_multibyte_codec(codec: Codec) -> None:
    words = [word for word in SENTENCE.split() if not word.isascii()]
    damaged = []
    for word in words:
        try:
            damaged.append((word, word.encode().decode(codec.name)))
        except UnicodeDecodeError:
            continue
    assert damaged
    line = " ".join(text for _, text in damaged)
    assert mend_text(line).text == " ".join(word for word, _ in damaged)


@pytest.mark.parametrize(
    "chain",
    [
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("cp1252", "iso8859-11"),
        ("cp1251", "cp1251"),
        ("cp1252", "cp1252", "cp1252"),
    ],
    ids=">".join,
)
def test_read_wrongly_several_times(chain: tuple[str, ...]) -> None:
    text = "Löwenzahnsaft für Blåbærsyltetøy"
    damaged = text
    for name in chain:
        damaged = lenient(damaged.encode(), BY_NAME[name])
    mended = mend_text(damaged)
    assert mended.text == text
    assert mended.repairs[0].codec is not None
    assert mended.repairs[0].codec.count(">") == len(chain)


def test_a_file_may_mix_channels() -> None:
    lines = [
        lenient("Löwenzahnsaft für alle".encode(), BY_NAME["mac-roman"]),
        "Löwenzahn, intakt",
        lenient("příšerně žluťoučký kůň".encode(), BY_NAME["cp1250"]),
    ]
    assert [mended.text for mended in mend_lines(lines)] == [
        "Löwenzahnsaft für alle",
        "Löwenzahn, intakt",
        "příšerně žluťoučký kůň",
    ]


def test_votes_of_the_file_settle_what_one_line_cannot() -> None:
    weak = lenient("galveç".encode(), BY_NAME["iso8859-11"])
    words = ("Blåbærsyltetøy", "Löwenzahnsaft", "prêt-à-porter")
    strong = [lenient(word.encode(), BY_NAME["iso8859-11"]) for word in words]
    assert mend_text(weak).text == weak
    assert mend_lines([weak, *strong])[0].text == "galveç"


def test_genuine_text_outvotes_chance() -> None:
    thai = ["รถ", "รถไฟ", "ภาษาไทย", "อาหาร", "โรงเรียน"]
    assert [mended.text for mended in mend_lines(thai)] == thai


@pytest.mark.parametrize("name", ["cp1252", "iso8859-11", "koi8-r", "cp437"])
def test_encoding_gives_the_bytes_back(name: str) -> None:
    data = bytes(range(0x80, 0x100))
    assert BY_NAME[name].encode(lenient(data, BY_NAME[name])) == data
    assert BY_NAME[name].encode("東") is None


def test_variants_of_utf8_are_understood() -> None:
    assert decode_utf8(b"\xed\xa0\xbd\xed\xb8\x80") == "😀"
    assert decode_utf8(b"\xc3") is None


def test_masks_know_leads() -> None:
    place = CODECS.index(BY_NAME["iso8859-11"])
    assert masks().leads[ord("ร")] >> place & 1
    assert masks().bytes[ord("ก")] >> place & 1
    assert not masks().leads.get(ord("ก"), 0) >> place & 1
