"""The cases of tests/cases/repair: damage that is mended, text that must not change, lost bytes, second step."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.repair import mend_file, mend_text, tidy, undo
from pipeline.repair.channels import BY_NAME
from pipeline.repair.model import apply_repairs

CASES = Path(__file__).parents[2] / "cases" / "repair"


def cases(name: str) -> list[Any]:
    found = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    assert found
    return list(found)


@pytest.mark.parametrize("case", cases("in_the_wild"), ids=lambda case: case["says"])
def test_damage_is_mended(case: dict[str, Any]) -> None:
    mended = mend_text(case["damaged"])
    assert mended.text == case["mended"]
    assert [repair.certainty for repair in mended.repairs] == case["certainty"]
    assert undo(mended) == case["damaged"]


@pytest.mark.parametrize("case", cases("whole_lines"), ids=lambda case: case["says"])
def test_damage_that_the_line_shows_is_mended(case: dict[str, Any]) -> None:
    mended = mend_file([case["damaged"]])[0]
    assert mended.text == case["mended"]
    assert undo(mended) == case["damaged"]


@pytest.mark.xfail(strict=True, reason="not understood yet")
@pytest.mark.parametrize("case", cases("known_failures"), ids=lambda case: case["says"])
def test_what_is_not_understood_yet(case: dict[str, Any]) -> None:
    assert mend_text(case["damaged"]).text == case["mended"]


@pytest.mark.parametrize("text", cases("untouched"))
def test_genuine_text_is_not_touched(text: str) -> None:
    assert mend_text(text).text == text
    assert mend_text(text).repairs == ()


@pytest.mark.parametrize("case", cases("lost"), ids=lambda case: case["damaged"])
def test_lost_bytes_are_flagged_or_right(case: dict[str, Any]) -> None:
    mended = mend_text(case["damaged"])
    assert len(mended.repairs) == 1
    repair = mended.repairs[0]
    assert repair.codec == case["codec"]
    assert mended.text == case["true"] or repair.certainty == "unresolved"
    assert case["letter"] in (repair.after, *repair.alternatives)


@pytest.mark.parametrize("case", cases("tidied"), ids=lambda case: case["says"])
def test_the_second_step(case: dict[str, Any]) -> None:
    tidied = tidy(case["decoded"])
    assert tidied.text == case["tidied"]
    assert [repair.kind for repair in tidied.repairs] == case["kinds"]
    assert undo(tidied) == case["decoded"]


def test_mojibake_written_as_entities_is_mended_in_one_repair() -> None:
    line = "Ferr&Atilde;&iexcl;ndiz"
    mended = mend_file([line])[0]
    assert mended.text == "Ferrándiz"
    assert [(repair.start, repair.end, repair.after) for repair in mended.repairs] == [(4, 19, "á")]
    assert undo(mended) == line


def test_a_sign_of_which_several_are_possible_is_left_with_them() -> None:
    mended = mend_text("comentÃ¡rios e prÃªmios ðŸ“� amanhÃ£")
    assert mended.text == "comentários e prêmios ðŸ“� amanhã"
    assert [r.alternatives for r in mended.repairs if r.certainty == "unresolved"] == [("📁", "📍", "📏", "📐", "📝")]


def test_what_was_misread_more_than_once_and_lost_bytes_is_left_whole() -> None:
    mended = mend_text("ItÃ?Â¢â?¬â?¢s late")
    assert [(r.before, r.certainty) for r in mended.repairs] == [("Ã?Â¢â?¬â?¢", "unresolved")]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("Gr锟斤拷newald", ["锟斤拷"]),
        ("M羹ller, Ferr獺ndiz, ��ime��ek", ["��", "��"]),
        ("M羹ller, Ferr獺ndiz, ??ime??ek", ["??", "??"]),
        ("M羹ller, Ferr獺ndiz ?? what ?", []),
    ],
)
def test_letters_that_an_east_asian_codec_lost_are_pointed_out(line: str, left: list[str]) -> None:
    mended = mend_text(line)
    assert [repair.before for repair in mended.repairs if repair.certainty == "unresolved"] == left
    assert undo(mended) == line


@pytest.mark.parametrize("case", cases("torn_files"), ids=lambda case: case["says"])
def test_every_word_of_a_file_that_lost_bytes_is_right_or_said_to_be_open(case: dict[str, Any]) -> None:
    table, left = BY_NAME[case["codec"]].table, "" if case["manner"] == "dropped" else " "
    read = ["".join(table[byte] for byte in line.encode()) for line in case["lines"]]
    damaged = ["".join(left if "\x80" <= char <= "\x9f" else char for char in line) for line in read]
    true = set(" ".join(case["lines"]).split())
    right = 0
    for line, mended in zip(damaged, mend_file(damaged), strict=True):
        assert undo(mended) == line
        marked = apply_repairs(
            line, [r._replace(after="?") if r.certainty == "unresolved" else r for r in mended.repairs]
        )
        words = [word for before, word in pairwise(["", *marked.text.split()]) if "?" not in (word, before[-1:])]
        assert {word for word in words if "?" not in word} <= true
        right += sum(word in true for word in words)
    assert right


def test_words_of_a_file_cannot_speak_for_letters_that_no_language_has() -> None:
    meant = ["Zażółć gęślą jaźń", "Dziś będzie śnieg", "Chłopiec znalazł pięć żołędzi", "Wiosną kwitną śliwy"]
    damaged = [line.encode().decode("cp1250") for line in meant * 4]
    intact = ["Jięśą i Greżeęś poszli", "Czyjęśą mowę"]
    mended = mend_file([*damaged, *intact])
    assert [line.text for line in mended] == [*meant * 4, *intact]
