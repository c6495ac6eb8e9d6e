"""What a run publishes beside the tables: footers, descriptors, contracts, history; and contracts that changed."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.runner import RunError
from schemas import Table
from schemas.registry import PUBLISHED
from schemas.snapshot import snapshots

ROOT = Path(__file__).parents[2]
RAW = ROOT / "data" / "raw"


@pytest.mark.parametrize("table", PUBLISHED.values(), ids=lambda table: table.name)
def test_footer_says_what_the_file_is(sample_run: Path, table: Table) -> None:
    file = pq.ParquetFile(sample_run / f"{table.name}.parquet")
    stamp = {key.decode(): value.decode() for key, value in file.schema_arrow.metadata.items()}
    assert stamp["palimpsest.table"] == table.name
    assert stamp["palimpsest.version"] == table.version
    assert stamp["palimpsest.contract"] == table.fingerprint
    assert stamp["palimpsest.run"]
    assert json.loads(stamp["pandas"])["columns"][0]["name"] == table.arrow_schema.names[0]
    for ours, read in zip(table.arrow_schema, file.schema_arrow, strict=True):
        assert (read.name, read.type, read.nullable) == (ours.name, ours.type, ours.nullable)
        assert read.metadata[b"description"] == ours.metadata[b"description"]
    for group in range(file.num_row_groups):
        chunks = [file.metadata.row_group(group).column(n) for n in range(file.metadata.num_columns)]
        assert {chunk.compression for chunk in chunks} == {"ZSTD"}
        assert all(chunk.is_stats_set for chunk in chunks if chunk.num_values)


def test_descriptors_name_the_files_that_are_there(sample_run: Path) -> None:
    package = json.loads((sample_run / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {f.name for f in sample_run.glob("*.parquet")}
    contract = json.loads((sample_run / "odcs.json").read_text(encoding="utf-8"))
    assert [entry["name"] for entry in contract["schema"]] == list(PUBLISHED)
    described = json.loads((sample_run / "croissant.json").read_text(encoding="utf-8"))
    assert {file["contentUrl"]: file["sha256"] for file in described["distribution"]} == {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sample_run.glob("*.parquet")
    }


@pytest.fixture(scope="module")
def run_again(sample_run: Path, run_pipeline: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean folder of a run on the samples that was followed by another."""
    clean = tmp_path_factory.mktemp("again") / "clean"
    shutil.copytree(sample_run, clean, symlinks=True)
    return run_pipeline(RAW, clean)


def test_a_run_after_another_has_both_in_its_history(run_again: Path) -> None:
    history = pq.read_table(run_again / "run_history.parquet").to_pandas()
    assert sorted(history["run_no"].unique()) == [1, 2]
    assert history["run_id"].nunique() == 2
    last = history[(history["run_no"] == 2) & (history["measure"] != "rule_failures")]
    assert (last["value"] >= last["expected_low"]).all()
    assert (last["value"] <= last["expected_high"]).all()


def test_a_contract_that_breaks_readers_is_not_published(run_again: Path, run_pipeline: Callable[..., Path]) -> None:
    page = run_again / "contracts.json"
    published = json.loads(page.read_text(encoding="utf-8"))
    assert page.read_text(encoding="utf-8") == snapshots(PUBLISHED.values())
    published["works"]["columns"]["subtitle"] = {"type": "string", "nullable": True}
    page.write_text(json.dumps(published), encoding="utf-8")
    with pytest.raises(RunError, match=r"table works: column subtitle is gone.*make it version 2\.0\.0"):
        run_pipeline(RAW, run_again)
    assert json.loads(page.read_text(encoding="utf-8")) == published
