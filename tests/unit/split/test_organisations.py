import pytest

from pipeline.split.organisations import ORGANISATION_FROM, evidence, has_organisation_word


def points(text: str, *, first: bool = False, marked: bool = False, shouted: bool = False) -> int:
    return evidence(text, first=first, marked=marked, shouted=shouted)


@pytest.mark.parametrize(
    "text",
    [
        "Polar Drift Consortium",
        "Universität Nirgendwo",
        "the Quarrie group",
        "Drift-Team",
        "(HELIODROME Collaboration)",
    ],
)
def test_words_of_organisations(text):
    assert has_organisation_word(text)
    assert points(text) >= ORGANISATION_FROM


@pytest.mark.parametrize("text", ["Suprihatin", "Teamson", "Labson", "Groupe", "Tavisha Quarrie"])
def test_parts_of_words_are_no_evidence(text):
    assert not has_organisation_word(text)
    assert points(text) < ORGANISATION_FROM


@pytest.mark.parametrize(
    "text", ["MacTavish", "McQuarrie", "DeQuincey", "LeMarchal", "O'Farran", "Smythe-Quarrie", "AB", "T"]
)
def test_capitals_of_names_are_no_evidence(text):
    assert points(text) == 0


def test_colon_settles_it():
    assert points("Suprihatin", marked=True) >= ORGANISATION_FROM


def test_two_weak_signs_are_needed():
    assert points("ZephyrWorks") < ORGANISATION_FROM
    assert points("ZephyrWorks", first=True) >= ORGANISATION_FROM
    assert points("ZQRX") >= ORGANISATION_FROM
    assert points("ZQRX", shouted=True) < ORGANISATION_FROM
