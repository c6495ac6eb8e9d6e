import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest

from pipeline.link.names import cannot_tell_apart, is_initials, match_keys, tokens

Build = Callable[[Sequence[dict[str, object]]], pd.DataFrame]
CASES = json.loads((Path(__file__).parents[2] / "cases" / "link" / "names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_whether_two_names_are_one_author(case: dict[str, object], mentions_of: Build) -> None:
    mentions = mentions_of([{"id": 1, "authors": [case["one"]]}, {"id": 2, "authors": [case["other"]]}])
    keys = match_keys(mentions)
    assert (keys["author_id"].nunique() == 1) is case["same"]
    assert (keys["match_key"] + mentions["kind"]).nunique() == keys["author_id"].nunique()


def test_a_key_is_made_of_the_mention_alone(mentions_of: Build) -> None:
    rows = [{"id": n, "authors": [case["one"], case["other"]]} for n, case in enumerate(CASES)]
    together = match_keys(mentions_of(rows))
    alone = pd.concat([match_keys(mentions_of([row])) for row in rows], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *((given, True) for given in ("J.", "J. R.", "J.-P.", "J R", "JR", "É.", "Т. В.")),
        *((given, False) for given in ("Jo", "J. Rufus", "Rufus J.", "月", "秋月", "Bo")),
    ],
)
def test_initials(given: str, expected: bool) -> None:
    assert is_initials(given) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (["Perrault", "Anne"], False),
        (["Perrault", None], True),
        (["Perrault", "A."], True),
        (["Stecล", "Ottilie", "unresolved"], True),
        (["段", "月"], False),
        (["Meridian Labs", None, "clean", None, "organisation"], False),
    ],
)
def test_names_that_cannot_tell_people_apart(name: list[str | None], expected: bool, mentions_of: Build) -> None:
    mentions = mentions_of([{"id": 1, "authors": [name]}])
    people = mentions.join(match_keys(mentions)[["damaged"]])
    assert cannot_tell_apart(people).tolist() == [expected]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Anne-Laure M.", ("anne", "laure", "m")),
        ("J.R.", ("j", "r")),
        ("JR", ("j", "r")),
        ("Åse", ("ase",)),
        ("", ()),
    ],
)
def test_given_names_one_by_one(given: str, expected: tuple[str, ...]) -> None:
    assert tokens(given) == expected
