"""A change that breaks readers needs a new major version, and says which column it is about."""

import copy
import json
import re
from typing import Any

import pytest

from schemas import TABLES
from schemas.registry import PUBLISHED
from schemas.snapshot import last_published, objections, snapshot, snapshots

WORKS = TABLES["works"]
RECORDS = TABLES["records"]
MENTIONS = TABLES["author_mentions"]


def test_contracts_own_up_to_what_changed_since_they_were_published() -> None:
    assert objections(PUBLISHED.values(), json.loads(last_published())) == []


def test_the_contracts_published_last_are_those_in_the_repository() -> None:
    stale = "run: palimpsest contracts > /tmp/published.json && mv /tmp/published.json schemas/published.json"
    assert last_published() == snapshots(PUBLISHED.values()), stale


def changed(table: Any, **paths: Any) -> list[str]:
    """What is objected to when the published contract differed from today's in these places."""
    old = json.loads(json.dumps(copy.deepcopy(snapshot(table))))
    for path, value in paths.items():
        place, *steps = path.split("___")
        target = old
        for step in (place, *steps)[:-1]:
            target = target[step]
        if value is None:
            target.pop((place, *steps)[-1])
        else:
            target[(place, *steps)[-1]] = value
    return objections([table], {table.name: old})


def _next(version: str, place: int) -> str:
    """The version after this one that raises its number at a place (0: major, 1: minor)."""
    numbers = [int(number) for number in version.split(".")]
    return ".".join(str(n) for n in (*numbers[:place], numbers[place] + 1, *[0] * (2 - place)))


OLD_RULE = {"says": "x", "severity": "reject", "columns": ["title"], "terms": {}}


@pytest.mark.parametrize(
    ("table", "place", "value", "words"),
    [
        (WORKS, "columns___title___nullable", False, "column title may be null now"),
        (WORKS, "columns___subtitle", {"type": "string", "nullable": True}, "column subtitle is gone"),
        (WORKS, "columns___year___type", "string", "column year was string and is int64"),
        (WORKS, "key", ["title"], r"the key was \(title\) and is \(work_id\)"),
        (WORKS, "rules___title__trimmed", OLD_RULE, "column title: rule title__trimmed is gone"),
        (WORKS, "bounds___fatal", 0.1, "50.00% of the rows may be refused, and were at most 10.00%"),
        (
            RECORDS,
            "rules___year__greater_than_or_equal_to___terms___min_value",
            1500,
            "column year: .*1500 and is 1400",
        ),
        (RECORDS, "rules___year__less_than_or_equal_to___terms___max_value", 2100, "column year: .*2100 and is 2200"),
        (RECORDS, "rules___record_id__str_matches___terms___pattern", "^r$", "column record_id: .*pattern was"),
        (
            MENTIONS,
            "rules___kind__isin___terms___allowed_values",
            ["person"],
            "column kind: .*allows 'organisation' too",
        ),
        (RECORDS, "rules___title_or_abstract___says", "a record has a title", "rule title_or_abstract said"),
    ],
)
def test_a_breaking_change_is_objected_to(table: Any, place: str, value: Any, words: str) -> None:
    (objection,) = changed(table, **{place: value})
    assert objection.startswith(f"table {table.name}: ")
    assert objection.endswith(f"make it version {_next(table.version, 0)}")
    assert re.search(words, objection), objection
    assert changed(table, **{place: value, "version": "0.9.0"}) == []
    assert len(changed(table, **{place: value, "version": f"{table.version.split('.')[0]}.1.0"})) == 1


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("columns___year", None),
        ("columns___record_id___nullable", True),
        ("rules___year__less_than_or_equal_to", None),
        ("rules___year__less_than_or_equal_to___terms___max_value", 3000),
    ],
)
def test_a_stricter_contract_needs_a_minor_version(place: str, value: Any) -> None:
    (objection,) = changed(RECORDS, **{place: value})
    assert objection.endswith(f"make it {_next(RECORDS.version, 1)}")
    assert changed(RECORDS, **{place: value, "version": "0.9.9"}) == []


def test_a_rule_that_only_warns_now_breaks() -> None:
    table = TABLES["run_history"]
    (objection,) = changed(table, rules___null_rates_as_before___severity="reject")
    assert "null_rates_as_before only warns now" in objection


def test_a_table_that_is_gone_is_named() -> None:
    assert objections([], {"works": snapshot(WORKS)})[0].startswith("table works: it is gone")


def test_a_new_table_is_nothing_to_object_to() -> None:
    assert objections([WORKS], {}) == []
