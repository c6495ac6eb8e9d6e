"""The page does not depend on how many rows of a table are read at once."""

import random
from collections.abc import Callable

import pytest

from pipeline.report import BEFORE_LINKING, Material, begun, gathering, linked, report
from schemas import TABLES

Make = Callable[..., Material]


def rows(dice: random.Random) -> dict[str, list[dict[str, object]]]:
    """Tables of which each has rows that are alike."""
    sure = ["exact", "constrained", "inferred", "unresolved"]
    places = [{"path": f"{n % 4}.txt", "line_no": n, "text": "Zo\u00eb and Zo\u00c3\u00ab"} for n in range(1, 120)]
    return {
        "raw_files": [{"path": f"{n}.txt"} for n in range(4)],
        "text_lines": places,
        "text_repairs": [
            {"path": place["path"], "line_no": place["line_no"], "start": 2, "end": 3,
             "before": dice.choice("abc"), "after": dice.choice("xyz"),
             "certainty": dice.choice(sure), "codec": dice.choice(["utf-8>cp1252", None]), "alternatives": ["\u00e9"],
             "confidence": dice.choice([0.3, 0.6, 0.9]), "evidence": dice.choice(["one", "two"])}
            for place in places
        ],
        "line_roles": [{"path": f"{n % 4}.txt", "role": dice.choice(["unclaimed", "blank"])} for n in range(99)],
        "unused_tokens": [{"reason": dice.choice(["null", "sign"])} for _ in range(20)],
        "works": [
            {"work_id": f"w{n:03}", "title": dice.choice(["A", None]), "year": dice.choice([None, 1999, 2005]),
             "record_count": dice.choice([1, 1, 2, 14]), "author_count": n % 3}
            for n in range(60)
        ],
        "work_records": [{"work_id": f"w{n % 60:03}", "path": f"{n % 4}.txt", "line_start": n} for n in range(1, 99)],
        "authors": [{"certainty": dice.choice(sure)} for _ in range(30)],
        "rejects": [
            {"path": dice.choice(["0.txt", None]), "line_start": n, "rules": ["one", "two"][: 1 + n % 2],
             "row": f'{{"n": {n}}}'}
            for n in range(1, 9)
        ],
        "ledger": [{"path": f"{n % 4}.txt", "stage": ["split", "repair"][n % 2], "received": n} for n in range(12)],
        "rule_results": [{"rule": rule, "says": rule, "failures": 3} for rule in ("one", "two")],
    }  # fmt: skip


@pytest.mark.parametrize("at_once", [1, 7])
def test_batches_of_any_size_make_the_same_page(at_once: int, material: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = rows(random.Random(4))
    whole = report(material(**tables))
    monkeypatch.setattr(gathering, "_AT_ONCE", 20)
    assert report(material(at_once=at_once, **tables)) == whole


def test_a_page_that_is_begun_before_works_are_linked_is_the_same(material: Make) -> None:
    tables = rows(random.Random(5))
    made_of = material(**tables)
    first = {name: rows for name, rows in tables.items() if TABLES[name].stage in BEFORE_LINKING}
    then = {name: rows for name, rows in tables.items() if TABLES[name].stage == "link"}
    assert report(made_of, begun(material(**first))) == report(made_of)
    assert report(made_of, {**begun(material(**first)), **linked(material(**then))}) == report(made_of)
