import pytest

from pipeline.layouts.references import parts_of, usual_order

TITLE_FIRST = ["1. Fog Nets on Hills. Ana Brix, Piet van der Eskola and Sae Nakaharu. Journal of Fog, 2021."]
CASES = [
    (TITLE_FIRST[0], "Fog Nets on Hills", "Ana Brix, Piet van der Eskola and Sae Nakaharu", "Journal of Fog", "2021"),
    ("[2] A. B. Brix and C. Dray. Why Do Bells Ring? In Proc. Bells, 2019.", "Why Do Bells Ring?",
     "A. B. Brix and C. Dray", "Proc. Bells", "2019"),
    ("3. Brix, A., & Nakaharu, S. (2021). Fog nets on hills. Journal of Fog, 12(3).", "Fog nets on hills",
     "Brix, A., & Nakaharu, S.", "Journal of Fog, 12(3)", "2021"),
    ("[4] Ana Brix and Sae Nakaharu. 2021. Fog Nets on Hills. In Proceedings of Fog.", "Fog Nets on Hills",
     "Ana Brix and Sae Nakaharu", "Proceedings of Fog", "2021"),
    ("[5] A. Brix and S. Nakaharu, “Fog Nets on Hills,” Journal of Fog, 2021.", "Fog Nets on Hills",
     "A. Brix and S. Nakaharu", "Journal of Fog", "2021"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title", "authors", "venue", "year"), CASES, ids=[case[0][:12] for case in CASES])
def test_parts(text, title, authors, venue, year):
    parts = parts_of(text, usual_order([text]))
    found = [text[slice(*span)] if span else None for span in (parts.title, parts.authors, parts.venue, parts.year)]
    assert found == [title, authors, venue, year]


def test_the_order_is_that_of_the_file():
    doubtful = "2. Deep Fog. Ana Brix. Journal of Fog, 2020."
    assert usual_order([*TITLE_FIRST, doubtful]) == "title, authors"
    parts = parts_of(doubtful, "title, authors")
    assert doubtful[slice(*parts.authors)] == "Ana Brix"
