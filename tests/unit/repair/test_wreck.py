"""Text of which too many bytes are gone: it is not read wrongly, and it is pointed out."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.repair import mend_file, undo
from pipeline.repair.channels import BY_NAME
from pipeline.repair.wreck import wrecked

CASES = json.loads((Path(__file__).parents[2] / "cases" / "repair" / "wrecks.json").read_text(encoding="utf-8"))


def misread(line: str, name: str, left: str) -> str:
    """UTF-8 read with a codec whose controls, undefined bytes among them, are gone."""
    table, undefined = BY_NAME[name].table, BY_NAME[name].undefined
    gone = [byte for byte in range(0x80, 0x100) if byte in undefined or "\x80" <= table[byte] <= "\x9f"]
    return "".join(left if byte in gone else table[byte] for byte in line.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_lines_that_cannot_be_read_are_pointed_out(case: dict[str, Any]) -> None:
    damaged = [misread(line, case["codec"], case["left"]) for line in case["lines"]]
    for line, mended in zip(damaged, mend_file(damaged), strict=True):
        assert undo(mended) == line
        assert any(repair.certainty == "unresolved" for repair in mended.repairs)
        assert mend_file([mended.text])[0].text == mended.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_intact_lines_are_none(case: dict[str, Any]) -> None:
    assert not any(map(wrecked, case["lines"]))
    assert all(mended.repairs == () for mended in mend_file(case["lines"]))


@pytest.mark.parametrize("word", ["à l’été", "naïveté", "«Москва»", "“Ελλάδα”", "¡Ñandú!", "קוֹל־דוֹדִי", "œuvre…—«"])
def test_words_of_alphabets_are_none(word: str) -> None:
    assert wrecked(word) == ""
