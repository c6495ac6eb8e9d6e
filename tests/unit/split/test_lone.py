import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.split.lone import find_lone

# A list sorted by given name, as long lists are: families in no order beside given names in order.
GIVENS = [
    "Abena",
    "Bastiaan",
    "Cosima",
    "Dafydd",
    "Eluned",
    "Fennia",
    "Gorka",
    "Hesper",
    "Ingrith",
    "Jarlath",
    "Katell",
]
FAMILIES = [
    "Tolland",
    "Brix",
    "Zawada",
    "Marchetto",
    "Eskola",
    "Quist",
    "Arbuckle",
    "Visserink",
    "Hlubek",
    "Dray",
    "Okoro",
]


def tokens(lost: int, *, by_given: bool = True) -> list[str]:
    """The list without token number ``lost``."""
    pairs = zip(FAMILIES, GIVENS, strict=True) if by_given else zip(GIVENS, FAMILIES, strict=True)
    flat = [token for pair in pairs for token in pair]
    return flat[:lost] + flat[lost + 1 :]


@pytest.mark.parametrize("by_given", [True, False])
@pytest.mark.parametrize("lost", range(2, 18))
def test_sort_order_pins_the_lost_token_to_its_neighbourhood(lost, by_given):
    lone, doubtful = find_lone(tokens(lost, by_given=by_given))
    place = lost - lost % 2
    assert place == lone or place in doubtful
    assert len(doubtful) <= 7, "a sorted list leaves doubt only around the loss"


def test_sort_order_can_leave_no_doubt():
    assert find_lone(tokens(11)) == (10, range(0))


@pytest.mark.parametrize("lost", [0, 21])
def test_loss_at_an_end_looks_the_same_from_both_ends(lost):
    # Without its first family a list sorted by given name reads as one sorted by family that lost its last given name.
    assert find_lone(tokens(lost))[1] == range(0, 21)


def test_without_order_or_initials_everything_is_doubtful():
    shuffled = tokens(8)
    random.Random(3).shuffle(shuffled)
    lone, doubtful = find_lone(shuffled)
    assert (lone, doubtful) == (20, range(0, 21))


def test_particle_starts_a_family_name():
    assert find_lone(["Quist", "Fennia", "Brix", "van der Eskola", "Gorka"])[0] == 2


def test_placeholder_keeps_its_name():
    assert find_lone(["Quist", "Fennia", "Brix", "Suprihatin", ""])[0] == 2


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text("abc. ", max_size=6), min_size=1, max_size=41).filter(lambda texts: len(texts) % 2 == 1))
def test_lone_is_even_and_inside(texts):
    lone, doubtful = find_lone(texts)
    assert lone % 2 == 0
    assert 0 <= lone < len(texts)
    assert all(0 <= index < len(texts) for index in doubtful)
