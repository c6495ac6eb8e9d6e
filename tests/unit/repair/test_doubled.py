"""Text that was misread twice and lost characters: what is written down is right, the rest stays."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.repair import mend_file, mend_text, undo
from pipeline.repair.channels import BY_NAME
from pipeline.repair.doubled import doubled

CASES = json.loads((Path(__file__).parents[2] / "cases" / "repair" / "doubled.json").read_text(encoding="utf-8"))


def misread(line: str, chain: list[str], undefined: str) -> str:
    """UTF-8 read with one codec and once more with another, whose controls are dropped."""
    for name in chain:
        line = "".join(BY_NAME[name].table[byte] for byte in line.encode())
    last = BY_NAME[chain[-1]]
    gone = {last.table[byte] for byte in last.undefined}
    return "".join("" if "\x80" <= char <= "\x9f" and char not in gone else char for char in line).translate(
        {ord(char): undefined for char in gone}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_what_is_written_down_is_right(case: dict[str, Any]) -> None:
    damaged = [misread(line, case["chain"], case["undefined"]) for line in case["lines"]]
    mended = mend_file(damaged)
    assert sum(one.text == line for one, line in zip(mended, case["lines"], strict=True)) == case["whole"]
    for one, line, true in zip(mended, damaged, case["lines"], strict=True):
        assert undo(one) == line
        assert mend_file([one.text])[0].text == one.text
        written = [repair.after for repair in one.repairs if repair.certainty != "unresolved" and repair.after.strip()]
        assert all(after in true for after in written)


def test_the_channel_names_both_readings() -> None:
    (repair,) = mend_text("QuÃÂ©bec").repairs
    assert (repair.before, repair.after, repair.codec) == ("ÃÂ©", "é", "utf-8>latin-1>latin-1")


@pytest.mark.parametrize("word", ["Ângela", "São", "ÃÂ", "Château", "naïve", "Ânião"])
def test_words_of_languages_are_none(word: str) -> None:
    assert doubled(word) == ()


@pytest.mark.parametrize("codec", ["cp860", "cp861", "cp863", "cp865"])
def test_code_pages_that_are_nearly_alike_are_told_apart_by_the_file(codec: str) -> None:
    lines = [
        "Вечером Борис вернулся в Вологду и Федот встретил его",
        "Цветы стояли на окне, Вера поливала их каждое утро",
        "Фонарь погас, и Цезарь побежал к воротам за Борисом",
    ]
    assert [one.text for one in mend_file([line.encode().decode(codec) for line in lines])] == lines
