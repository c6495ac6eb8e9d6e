"""Long work says in Dagster's events how far it is."""

from pathlib import Path

import dagster as dg
import pytest

from pipeline import pace
from pipeline.assets import ASSETS
from pipeline.resources import Engine, Folders, Progress


def test_events_say_files_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SECONDS_BETWEEN", 0)
    (tmp_path / "raw").mkdir()
    for number in range(3):
        (tmp_path / "raw" / f"{number}.txt").write_text("Somebody\nAbstract:We look at storks.\n", "utf-8")
    folders = Folders(raw=str(tmp_path / "raw"), clean=str(tmp_path / "clean"))
    resources = {"folders": folders, "engine": Engine(folders=folders, workers=1), "progress": Progress()}
    with dg.DagsterInstance.ephemeral() as instance:
        chosen = dg.AssetSelection.groups("ingest", "repair") - dg.AssetSelection.all_asset_checks()
        run = dg.materialize(ASSETS, selection=chosen, resources=resources, instance=instance)
        said = [entry.user_message for entry in instance.all_logs(run.run_id)]
    assert any(line.startswith("ingest: 3 of 3, 0.0 of 0.0 MB, ") for line in said), said
    assert any(line.startswith("repair: 3 of 3, 0.0 of 0.0 MB, ") for line in said), said
