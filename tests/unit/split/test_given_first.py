import pytest

from pipeline.repair import Mended
from pipeline.split.given_first import family_and_given
from pipeline.split.names import read_authors
from pipeline.split.passages import Passage
from pipeline.split.styles import GIVEN_FIRST, PAIRS


@pytest.mark.parametrize(
    ("text", "family", "given", "doubtful"),
    [
        ("Ana Brix", "Brix", "Ana", False),
        ("A. B. Brix", "Brix", "A. B.", False),
        ("Piet van der Eskola", "van der Eskola", "Piet", False),
        ("Ilda De Marchetto", "De Marchetto", "Ilda", False),
        ("Ana Quist y Brix", "Quist y Brix", "Ana", False),
        ("Gorka Dray III", "Dray III", "Gorka", False),
        ("Katell HLUBEK", "HLUBEK", "Katell", False),
        ("Katell Ana Hlubek", "Hlubek", "Katell Ana", True),
        ("Suprihatin", "Suprihatin", None, False),
    ],
)
def test_where_the_family_name_starts(text, family, given, doubtful):
    assert family_and_given(text) == (family, given, doubtful)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ana Brix, Sae Nakaharu and Gorka Dray", ["Brix|Ana", "Nakaharu|Sae", "Dray|Gorka"]),
        ("Ana Brix et al.", ["Brix|Ana"]),
        ("Ana Brix, Jr., Gorka Dray", ["Brix|Ana", "Dray|Gorka"]),
        ("Brix, Ana; Dray, Gorka", ["Brix|Ana", "Dray|Gorka"]),
        ("Brix AB, Dray C, Hlubek K", ["Brix|AB", "Dray|C", "Hlubek|K"]),
        ("Institute of Fog and Dew, Ana Brix, Gorka Dray", ["Institute of Fog and Dew|None", "Brix|Ana", "Dray|Gorka"]),
        ("Brix, Ana, Dray, null, Nakaharu, Sae", ["Brix|Ana", "Dray|None", "Nakaharu|Sae"]),
    ],
)
def test_lists_in_a_file_of_names_given_first(text, people):
    found = read_authors("r0", Passage([Mended(text, ())]), GIVEN_FIRST)
    assert [f"{m.family}|{m.given}" for m in found.mentions] == people
    assert sum(m.tokens for m in found.mentions) + len(found.unused) == found.tokens


def test_compound_pairs_stay_pairs_in_a_file_of_pairs():
    found = read_authors("r0", Passage([Mended("De Brix, Ana Maria, Van Dray, Jan Piet", ())]), PAIRS)
    assert [(m.family, m.given) for m in found.mentions] == [("De Brix", "Ana Maria"), ("Van Dray", "Jan Piet")]
