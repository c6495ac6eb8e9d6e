"""Words that lost bytes: what is repaired, what is left, and what the words around and elsewhere do to it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.repair import mend_lines, mend_text, undo
from pipeline.repair.channels import BY_NAME
from pipeline.repair.gaps import manner_of, parsed
from pipeline.repair.guess import BOUND
from pipeline.repair.known import Known, plain
from pipeline.repair.lost import explained, hopeless, spans


def dropped(text: str, name: str) -> str:
    read = "".join(BY_NAME[name].table[byte] for byte in text.encode())
    return "".join(char for char in read if not "\x80" <= char <= "\x9f")


def spaced(text: str, name: str) -> str:
    read = "".join(BY_NAME[name].table[byte] for byte in text.encode())
    return "".join(" " if "\x80" <= char <= "\x9f" else char for char in read)


@pytest.mark.parametrize("name", ["iso8859-11", "latin-1"])
@pytest.mark.parametrize("text", ["Przemysł Gołaszewski", "Jarosław Kołodziejczyk"])
def test_a_letter_that_the_language_makes_sure_is_written_down(text: str, name: str) -> None:
    mended = mend_text(dropped(text, name))
    assert mended.text == text
    assert {repair.certainty for repair in mended.repairs} == {"inferred"}
    assert all(repair.confidence >= BOUND for repair in mended.repairs)


def test_a_letter_that_nobody_can_know_is_left_and_recorded() -> None:
    damaged = dropped("Xqałk", "iso8859-11")
    mended = mend_text(damaged)
    assert mended.text == damaged
    assert [repair.certainty for repair in mended.repairs] == ["unresolved"]
    assert "ł" in mended.repairs[0].alternatives


def test_a_twin_elsewhere_decides() -> None:
    damaged = dropped("Wakoń", "iso8859-11")
    assert mend_text(damaged).text == damaged
    line = f"{damaged}, Jan, Löwenzahn, {dropped('Großmäuler', 'iso8859-11')}"
    assert "Wakoń" in mend_lines([line], known=["Wakoń"])[0].text


def test_spaces_that_stand_for_bytes_are_part_of_the_word() -> None:
    text = "Ziemowit Gołaszewski, Jarosław Kołodziejczyk"
    mended = mend_text(spaced(text, "iso8859-11"))
    assert mended.text == text
    assert all(repair.before.endswith(" ") for repair in mended.repairs)


def test_lost_letters_of_scripts_without_a_model_are_never_guessed() -> None:
    mended = mend_text(dropped("Πανεπιστήμιο", "iso8859-11"))
    lost = [repair for repair in mended.repairs if len(repair.before) == 1]
    assert lost
    assert {repair.certainty for repair in lost} == {"unresolved"}


def test_a_question_mark_can_stand_for_a_byte() -> None:
    read = "".join(
        "?" if byte in BY_NAME["cp1252"].undefined else BY_NAME["cp1252"].table[byte]
        for byte in "Havlíčkův Brod".encode()
    )
    assert "?" in read
    assert mend_text(read).text == "Havlíčkův Brod"


def test_genuine_initials_are_no_leads() -> None:
    for text in ("Ärzte und Öfen", "Åre, Ålesund", "Ñandú", "Ãngela?", "What? Là? È?"):
        assert mend_text(text).text == text


def test_the_manner_of_loss_is_told_by_the_file() -> None:
    codec = BY_NAME["iso8859-11"]
    assert manner_of(["Goลaszewski", "Koลodziej"], codec) == "dropped"
    assert manner_of(["Goลaszewski"], codec) == ""
    assert manner_of(["Goล aszewski", "Koล odziej"], codec) == "spaces"
    assert manner_of(["nothing"], codec) == ""


def test_a_word_is_cut_into_sequences() -> None:
    cut = parsed("Gรถลa", BY_NAME["iso8859-11"])
    assert cut is not None
    assert [(one.start, one.end, one.lost) for one in cut] == [(1, 3, False), (3, 4, True)]
    assert "ł" in {option.text for option in cut[1].options}
    assert parsed("Gรถa", BY_NAME["iso8859-11"]) is None


def test_twins_are_found_with_and_without_diacritics() -> None:
    known = Known.of(["Gołaszewski", "Lukaszuk"])
    assert known.worth("gołaszewski") > known.worth("łukaszuk") > known.worth("nobody") == 0.0
    assert plain("łukászuk") == "lukaszuk"


def test_a_letter_that_intact_words_are_written_with_is_no_lead() -> None:
    text = "Tỉnh lẻ RÃI NẮNG, bãi cát và NÃ BỘ"
    assert mend_text(text).text == text


def test_a_guess_does_not_reach_into_a_word_whose_spaces_were_bytes() -> None:
    damaged = dropped("טא לנ", "cp1250").replace("\xa0", " ")
    mended = mend_text(damaged)
    assert mended.text.endswith(" לנ")
    assert [repair.before for repair in mended.repairs][-1] == "×ś× "
    assert undo(mended) == damaged


def listing_through_thai(*names: str) -> list[str]:
    """Names as a scraper leaves them: controls dropped, next line and the no-break space as plain spaces."""
    read = ["".join(BY_NAME["iso8859-11"].table[byte] for byte in name.encode()) for name in names]
    plain = [name.replace("\x85", " ").replace("\xa0", " ") for name in read]
    return ["".join(char for char in name if not "\x80" <= char <= "\x9f") for name in plain]


def test_a_space_that_was_one_of_two_bytes_is_read_by_the_way_the_file_loses_bytes() -> None:
    true = ["Gołaszewska, Ludmiła", "Ordóñez, Íñigo", "Škvorecký, Hipólito", "Załuski, Šebestián", "Zúñiga-Xixà, Joan"]
    mended = mend_lines(listing_through_thai(*true))
    assert mended[2].text.startswith("Škvorecký")
    assert mended[3].text.endswith("Šebestián")
    assert mended[4].text.startswith("Zúñiga-Xixà,")
    spaced = [repair for line in mended for repair in line.repairs if repair.before.endswith(" ")]
    assert {repair.certainty for repair in spaced if repair.after in {"Š", "à"}} == {"constrained"}


def test_a_lead_before_a_hyphen_has_lost_the_space() -> None:
    mended = mend_lines(listing_through_thai("Fontà-i-Riudebò, Joan", "Fontà-i-Roure, Hipólito"))
    assert [line.text for line in mended] == ["Fontà-i-Riudebò, Joan", "Fontà-i-Roure, Hipólito"]


def test_words_that_lost_bytes_do_not_silence_the_words_that_did_not() -> None:
    lost = listing_through_thai("Gołaszewska", "Kościuszko", "Wałbrzyski", "Załuski")
    whole = listing_through_thai("Zúñiga", "Núñez", "Íñiguez")
    assert mend_lines([*lost, *whole])[1].text == "Kościuszko"


def test_pieces_of_damaged_words_are_no_neighbours_in_small_letters() -> None:
    read = "".join(BY_NAME["cp1253"].table[byte] for byte in "Şölə Vəkilzadə".encode())
    repair = mend_text(read.replace("\x9e", " ")).repairs[0]
    likeliest = repair.after if repair.certainty != "unresolved" else repair.alternatives[0]
    assert likeliest.isupper()


def test_a_letter_beside_one_that_is_left_is_left_too() -> None:
    damaged = dropped("Xqąžvk", "latin-1")
    mended = mend_text(damaged)
    assert mended.text == damaged
    assert mend_text(mended.text).text == damaged


def test_two_words_are_not_glued_together() -> None:
    damaged = dropped("Vygantė Petraškaitė", "iso8859-15").replace("\xa0", " ")
    assert " Petra" in mend_text(damaged).text


def marked(text: str, name: str) -> str:
    codec = BY_NAME[name]
    return "".join("?" if byte in codec.undefined else codec.table[byte] for byte in text.encode())


def test_letters_lost_one_behind_another_are_one_word() -> None:
    assert mend_text(marked("Lukáš Černý", "cp1257")).text == "Lukáš Černý"
    assert mend_text(spaced("Ion Niță, Petru", "latin-1")).text == "Ion Niță, Petru"


def test_a_letter_is_left_that_would_be_read_anew_with_one_beside_it_that_is_left() -> None:
    damaged = dropped("Ivo Čihař", "latin-1")
    mended = mend_text(damaged)
    assert mended.text == damaged
    assert {repair.certainty for repair in mended.repairs} == {"unresolved"}


def test_a_language_of_the_tables_outweighs_an_unknown_one() -> None:
    assert mend_text(dropped("Uwe Großkreuz", "latin-1")).text == "Uwe Großkreuz"


def test_no_name_has_a_capital_with_an_accent_inside() -> None:
    assert mend_text(dropped("Jan Dąbrówka", "latin-1")).text == "Jan Dąbrówka"


def test_a_lower_case_rest_beside_names_is_no_word_of_its_own() -> None:
    assert "Schließ mann" not in mend_text(spaced("Uwe Schließmann", "latin-1")).text


def test_of_an_initial_nobody_knows_which_it_was() -> None:
    mended = mend_lines([dropped(line, "latin-1") for line in ("Ł. Gołaszewski", "J. Kołodziejczyk", "Ś. Gołaszewski")])
    assert [line.text[1:] for line in mended] == [". Gołaszewski", ". Kołodziejczyk", ". Gołaszewski"]
    assert mended[0].text[0] == "Å"


def test_capitals_are_meant_where_the_file_writes_them_small_and_nothing_lost_bytes() -> None:
    read = ["".join(BY_NAME["latin-1"].table[byte] for byte in name.encode()) for name in ("Björn Lindström", "Müller")]
    intact = ["mère et père", "Èlia Èrbino, Èlvira"]
    assert [line.repairs for line in mend_lines([*read, *intact])[2:]] == [(), ()]
    lossy = mend_lines([*read, *intact, dropped("Zemljič, Ștefan, Șerban", "latin-1")])
    assert any(repair.start == 0 for repair in lossy[3].repairs) or "Șerban" in lossy[4].text


@pytest.mark.parametrize("loss", [dropped, spaced])
@pytest.mark.parametrize("word", ["Thiện", "Hiền", "Tuyền"])
def test_a_letter_of_three_bytes_that_lost_the_last_is_seen_where_nothing_else_is_damaged(
    word: str, loss: Callable[[str, str], str]
) -> None:
    damaged = loss(word, "latin-1")
    mended = mend_text(damaged)
    assert mended.repairs
    assert mended.text in {damaged, word}
    assert undo(mended) == damaged


@pytest.mark.parametrize("text", ["Él dijo «Papá» después", "las «mamá» y todos", "»já« sagði", "em «cá» ou «lá» vai"])
def test_a_quoted_word_that_ends_in_an_accent_is_no_letter_of_three_bytes(text: str) -> None:
    assert mend_text(text).repairs == ()


def test_no_capital_is_guessed_inside_a_word() -> None:
    assert mend_text("Háº n, Hải").text == "Háº n, Hải"


@given(st.text("éßÃÅâ±\x80\xa0ร漢aZ", min_size=1, max_size=4), st.text("éßÃÅâ±\x80ร漢aZ ?.", max_size=6))
def test_what_is_given_up_is_not_explained_with_whatever_follows(word: str, behind: str) -> None:
    line = f"{word} {behind}"
    if hopeless(line, 0, len(word)):
        assert not any(explained(line[:end]) for end in spans(line, 0, len(word)))


def test_a_genuine_word_before_a_space_is_given_up() -> None:
    assert hopeless("Spaß und", 0, 4)
    assert not hopeless("SpaÃ und", 0, 4)
