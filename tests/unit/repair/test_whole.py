"""Both steps over several files: a damaged name is read like its undamaged twin in another file."""

import pytest

from pipeline.repair import mend_file, undamaged, undo
from pipeline.repair.channels import BY_NAME


def dropped(text: str, codec: str = "iso8859-11") -> str:
    read = "".join(BY_NAME[codec].table[byte] for byte in text.encode())
    return "".join(char for char in read if not "\x80" <= char <= "\x9f")


@pytest.mark.parametrize("name", ["Mołdrzyk", "Çuvalğan", "Ošwaldić", "Ludvíčeňka"])
def test_a_damaged_name_is_read_like_its_undamaged_twin_in_another_file(name: str) -> None:
    damaged, other = [f"{dropped(name)}, Ana"], [f"{name}, Ana Maria"]
    alone = mend_file(damaged)[0]
    assert name not in alone.text
    assert any(repair.certainty == "unresolved" for repair in alone.repairs)
    known = undamaged([mend_file(damaged), mend_file(other)])
    mended = mend_file(damaged, known)[0]
    assert mended.text == f"{name}, Ana"
    assert "stands undamaged in another file" in mended.repairs[-1].evidence


def test_a_guess_is_no_witness_but_an_exact_repair_is() -> None:
    guessed, exact, intact = mend_file([dropped("Zegarłowiec")]), mend_file(["FerrÃ¡ndiz"]), mend_file(["Kołodziej"])
    assert guessed[0].text == "Zegarłowiec"
    assert undamaged([guessed, exact, intact]) == {"Ferrándiz", "Kołodziej"}


def test_a_twin_changes_no_other_name() -> None:
    lines = [f"{dropped('Mołdrzyk')}, Ana", "Löwenzahn, Ida"]
    for mended, alone in zip(mend_file(lines, ["Wakoń"]), mend_file(lines), strict=True):
        assert mended.text == alone.text


@pytest.mark.parametrize(
    ("decoded", "mended"),
    [
        ("Ji&#197;&#153;&#195;&#173; Nov&#195;&#161;k", "Jiří Novák"),
        ("MartÃ&#173;n, voilÃ&#160; FerrÃ¡ndiz", "Martín, voilà Ferrándiz"),
        ("Mart&Atilde;&shy;n FerrÃ¡ndiz", "Martín Ferrándiz"),
        ("&lt;b&gt; &amp; Ferr&aacute;ndiz&shy;", "<b> & Ferrándiz"),
    ],
)
def test_bytes_of_letters_that_stand_as_entities_are_read_before_controls_and_spaces_are_tidied(
    decoded: str, mended: str
) -> None:
    (line,) = mend_file([decoded])
    assert line.text == mended
    assert undo(line) == decoded


@pytest.mark.parametrize(
    ("decoded", "mended"),
    [
        ("the â€œbestâ€ paper, â€œfirstâ€.", "the “best” paper, “first”."),
        ("Ferrándiz, FerrÃ¡ndiz â€œtambiÃ©nâ€ de", "Ferrándiz, Ferrándiz “también” de"),
        ("a dagger â€  of FerrÃ¡ndiz", "a dagger † of Ferrándiz"),
        ("nothing is opened hereâ€ at all", "nothing is opened hereâ€ at all"),
    ],
)
def test_a_closing_quotation_mark_whose_last_byte_is_gone_needs_an_opening_one(decoded: str, mended: str) -> None:
    (line,) = mend_file([decoded])
    assert line.text == mended
    assert undo(line) == decoded
    assert mend_file([mended])[0].text == mended


def test_a_soft_hyphen_that_is_a_byte_of_damage_that_is_left_stays() -> None:
    line = "co\xadop ÅÃ\xad"
    (mended,) = mend_file([line])
    assert mended.text == "coop ÅÃ\xad"
    assert undo(mended) == line
