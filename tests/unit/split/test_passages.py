import pytest

from pipeline.repair import Mended, Repair
from pipeline.split.names import read_authors
from pipeline.split.passages import Passage


def repair(start: int, before: str, after: str, certainty: str) -> Repair:
    return Repair(start, start + len(before), before, after, "mojibake", "utf-8 > cp874", certainty, 0.9, (), "test")


# "Brisbois, Yvà ne, Nakaharu, Säe": the second name was mended surely, the fourth only probably.
DECODED = "Brisbois, Yvร ne, Nakaharu, Sรคe"
LINE = Mended("Brisbois, Yvàne, Nakaharu, Säe", (repair(12, "ร ", "à", "constrained"), repair(29, "รค", "ä", "exact")))


def test_printed_is_what_the_decoded_line_says():
    passage = Passage([LINE])
    assert passage.origin(0, len(LINE.text))[0] == DECODED
    assert passage.origin(10, 15)[0] == "Yvร ne"


@pytest.mark.parametrize(
    ("start", "end", "certainty"), [(0, 8, "clean"), (10, 15, "constrained"), (27, 30, "exact"), (0, 30, "constrained")]
)
def test_certainty_is_that_of_the_least_sure_repair_inside(start, end, certainty):
    assert Passage([LINE]).origin(start, end)[1] == certainty


def test_mentions_take_certainty_and_print_from_their_span():
    found = read_authors("r0", Passage([LINE]))
    assert [(m.family, m.given, m.name_as_printed, m.certainty) for m in found.mentions] == [
        ("Brisbois", "Yvàne", "Brisbois, Yvร ne", "constrained"),
        ("Nakaharu", "Säe", "Nakaharu, Sรคe", "exact"),
    ]


def test_unresolved_damage_is_flagged():
    line = Mended("Quฤll, Ottokar, Nakaharu, Sae", (repair(2, "ฤ", "ฤ", "unresolved"),))
    first, second = read_authors("r0", Passage([line])).mentions
    assert (first.certainty, first.flags) == ("unresolved", ("unresolved_damage",))
    assert (second.certainty, second.flags) == ("clean", ())


def test_comma_inside_damage_separates_nothing():
    line = Mended("Quฤ,ll, Ottokar", (repair(2, "ฤ,", "ฤ,", "unresolved"),))
    (only,) = read_authors("r0", Passage([line])).mentions
    assert (only.family, only.given) == ("Quฤ,ll", "Ottokar")


def test_damage_is_found_behind_repairs_and_on_later_lines():
    first = Mended("aé, b", (repair(1, "Ã©", "é", "exact"),))
    second = Mended("xéyฤ,z", (repair(1, "Ã©", "é", "exact"), repair(4, "ฤ,", "ฤ,", "unresolved")))
    passage = Passage([first, second])
    assert [place for place in range(len(passage.text)) if passage.is_damaged(place)] == [9, 10]
    assert passage.text[9:11] == "ฤ,"


def test_list_wrapped_over_lines():
    second = Mended("Annick, Nakahäru, Sae", (repair(13, "รค", "ä", "inferred"),))
    passage = Passage([Mended("Quellmalz, Ottokar, Brisbois, Yvetta", ()), second])
    found = read_authors("r0", passage)
    assert [(m.family, m.given, m.name_as_printed, m.certainty) for m in found.mentions] == [
        ("Quellmalz", "Ottokar", "Quellmalz, Ottokar", "clean"),
        ("Brisbois", "Yvetta Annick", "Brisbois, Yvetta Annick", "clean"),
        ("Nakahäru", "Sae", "Nakahรคru, Sae", "inferred"),
    ]


def test_no_lines_are_no_list():
    found = read_authors("r0", Passage([]))
    assert (found.tokens, found.mentions, found.unused) == (0, (), ())
