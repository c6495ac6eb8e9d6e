"""Descriptors of the contracts, each judged by the library of the project whose standard it is."""

import copy
import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from frictionless import FrictionlessException, Package
from open_data_contract_standard.model import OpenDataContractStandard

from schemas.descriptors import croissant, data_package, odcs
from schemas.registry import PUBLISHED

HASHES = dict.fromkeys(PUBLISHED, "0" * 64)


def frictionless_says(descriptor: dict[str, Any]) -> list[str]:
    try:
        Package.from_descriptor(descriptor)
    except FrictionlessException as error:
        return [str(e) for e in (error.reasons or [error])]
    return []


def test_data_package_is_one_by_its_own_library() -> None:
    assert frictionless_says(data_package(PUBLISHED.values())) == []


def test_a_wrong_data_package_is_found_out() -> None:
    wrong = data_package(PUBLISHED.values())
    wrong["resources"][0]["schema"]["fields"][0]["type"] = "no such type"
    assert frictionless_says(wrong) != []


def test_data_package_has_every_key_and_foreign_key() -> None:
    resources = {r["name"]: r["schema"] for r in data_package(PUBLISHED.values())["resources"]}
    for table in PUBLISHED.values():
        assert resources[table.name]["primaryKey"] == list(table.key)
        links = resources[table.name].get("foreignKeys", [])
        assert [(link["reference"]["resource"], tuple(link["fields"])) for link in links] == [
            (ref.table, ref.columns) for ref in table.references
        ]


def test_contract_is_one_by_its_own_library() -> None:
    contract = odcs(PUBLISHED.values(), "1.0.0")
    schema = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft201909Validator(schema).validate(contract)
    read = OpenDataContractStandard.from_string(json.dumps(contract))
    assert [entry.name for entry in read.schema_ or []] == list(PUBLISHED)
    wrong = copy.deepcopy(contract)
    wrong["schema"][0]["properties"][0]["logicalType"] = "no such type"
    assert not jsonschema.Draft201909Validator(schema).is_valid(wrong)


def test_contract_has_every_rule_in_words_that_the_standard_has_no_word_for() -> None:
    entries = odcs(PUBLISHED.values(), "1")["schema"]
    said = {entry["name"]: {q["name"] for q in entry.get("quality", [])} for entry in entries}
    for table in PUBLISHED.values():
        assert said[table.name] >= {r.name for r in table.rules if r.kind in {"table check", "coverage"}}


def croissant_says(descriptor: dict[str, Any], place: Path) -> str:
    """What Croissant's own command says, in a process of its own: its libraries warn at import."""
    file = place / "croissant.json"
    file.write_text(json.dumps(descriptor), encoding="utf-8")
    code = "import sys, mlcroissant as m; m.Dataset(jsonld=sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def test_croissant_is_one_by_its_own_library(tmp_path: Path) -> None:
    assert croissant_says(croissant(PUBLISHED.values(), HASHES, "1.0.0"), tmp_path) == ""
    wrong = croissant(PUBLISHED.values(), HASHES, "1.0.0")
    wrong["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "no such file"
    assert "no such file" in croissant_says(wrong, tmp_path)


@pytest.mark.parametrize("make", [data_package, lambda t: odcs(t, "1"), lambda t: croissant(t, HASHES, "1")])
def test_every_column_is_described_in_each(make: Any) -> None:
    page = json.dumps(make(PUBLISHED.values()))
    for table in PUBLISHED.values():
        assert all(json.dumps(column.metadata[b"description"].decode()) in page for column in table.arrow_schema)
