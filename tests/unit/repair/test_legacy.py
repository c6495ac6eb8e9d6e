"""Text in one legacy codec that was read as another: mended where a whole file shows it, and nowhere else."""

import json
from pathlib import Path

import pytest

from pipeline.repair import mend_file, undo
from pipeline.repair.channels import Codec
from pipeline.repair.legacy import legacy_pair
from pipeline.repair.page import Page

CASES = Path(__file__).parents[2] / "cases" / "repair"
FAMILIES = json.loads((CASES / "legacy.json").read_text(encoding="utf-8"))
INTACT = json.loads((CASES / "no_legacy.json").read_text(encoding="utf-8"))
PAIRS = [(family["lines"], true) for family in FAMILIES for true in family["codecs"]]


def misread(lines: list[str], true: str, read: str) -> list[str]:
    return ["".join(Codec(read, 0.0).table[byte] for byte in line.encode(true)) for line in lines]


@pytest.mark.parametrize("read", ["latin-1", "cp1252"])
@pytest.mark.parametrize(("lines", "true"), PAIRS, ids=[true for _, true in PAIRS])
def test_a_file_in_another_codec_is_read_back(lines: list[str], true: str, read: str) -> None:
    damaged = misread(lines, true, read)
    mended = mend_file(damaged)
    assert [line.text for line in mended] == lines
    assert [undo(line) for line in mended] == damaged
    assert {repair.certainty for line in mended for repair in line.repairs} == {"exact"}
    assert all("of this file" in repair.evidence for repair in mended[0].repairs)


def test_a_string_that_stands_alone_is_left() -> None:
    for lines, true in PAIRS:
        word = max(lines[0].split(), key=len)
        damaged = misread([word], true, "latin-1")
        assert legacy_pair(Page(damaged)) is None


@pytest.mark.parametrize("text", INTACT, ids=lambda text: text[:12])
def test_intact_files_are_left(text: str) -> None:
    assert legacy_pair(Page(text.split(". "))) is None
    assert legacy_pair(Page(text.upper().split(". "))) is None


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family["language"])
def test_intact_files_of_the_same_languages_are_left(family: dict[str, list[str]]) -> None:
    assert legacy_pair(Page(family["lines"])) is None


def test_a_file_with_intact_words_that_the_pair_would_break_is_left() -> None:
    lines, true = PAIRS[0]
    damaged = misread(lines, true, "latin-1")
    assert legacy_pair(Page(damaged)) is not None
    assert legacy_pair(Page([*damaged, *INTACT[0].split(". "), *INTACT[3].split(". ")])) is None
