from pipeline.repair import Mended
from pipeline.split import split_file
from pipeline.split.lone import find_lone
from pipeline.split.odds import odds_of
from pipeline.split.passages import Passage
from pipeline.split.styles import PAIRS


def of(*lists: str) -> list[Passage]:
    return [Passage([Mended(text, ())]) for text in lists]


def test_whole_lists_say_what_a_token_is():
    odds = odds_of(of("Nakaharu, Sae, Quellmalz, Ottokar", "Nakaharu, Sae, Zephyrworks, null"), PAIRS)
    assert odds == {"Nakaharu": -2, "Sae": 2, "Quellmalz": -1, "Ottokar": 1}


def test_lists_that_lost_a_token_and_other_styles_say_nothing():
    assert not odds_of(of("Nakaharu, Sae, Quellmalz", "Sae Nakaharu and Ottokar Quellmalz", ""), PAIRS)


def test_token_without_partner_is_found_by_the_other_lists():
    odds = {"Tarrasch": -1, "Winnoc": 1, "Farquharsen": -1, "Lionel": 1}
    lost = ["Tarrasch", "Winnoc", "Hlubek", "Farquharsen", "Lionel"]
    assert find_lone(lost)[0] != 2 or find_lone(lost)[1], "without them nobody can know"
    assert find_lone(lost, odds) == (2, range(0))


def test_a_file_helps_its_own_list():
    text = "Bells of one foundry share the sand of one river. We take grains from the seams of forty bells and look. "
    lines = []
    for title, authors in (
        ("Double Nets for Coastal Fog", "Tarrasch, Winnoc, Farquharsen, Lionel"),
        ("Who Mends the Harbour Ropes", "Tarrasch, Winnoc, Hlubek, Farquharsen, Lionel"),
    ):
        lines += [title, authors, text * 2]
    found = split_file("page.txt", [Mended(line.strip(), ()) for line in lines])
    last = [m for m in found.mentions if m.record_id == found.records[1].record_id]
    assert [(m.family, m.given) for m in last] == [("Tarrasch", "Winnoc"), ("Hlubek", None), ("Farquharsen", "Lionel")]
    assert "partner_missing" in last[1].flags
    assert not any("doubtful_pairing" in m.flags for m in last)
