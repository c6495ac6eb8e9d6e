"""From a file that no layout knows to its records: the proposal, the file of layouts, the run."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.layouts import read_specs
from pipeline.storage import RawFolder
from pipeline.tables import StorageError

ROOT = Path(__file__).parents[2]
Command = Callable[..., subprocess.CompletedProcess[str]]
LISTING = ROOT / "tests" / "cases" / "layouts" / "described" / "pipes.txt"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A listing whose lines hold no abstracts, so that its shape is not used unasked."""
    folder = tmp_path / "raw"
    folder.mkdir()
    lines = LISTING.read_text(encoding="utf-8").splitlines()
    (folder / "bars.txt").write_text("".join(f"{line.rsplit(' | ', 1)[0]}\n" for line in lines), encoding="utf-8")
    return folder


def test_proposal_becomes_a_layout(palimpsest: Command, raw: Path, run_pipeline: Callable[..., Path]) -> None:
    proposed = palimpsest("layout", raw / "bars.txt", "--propose")
    assert proposed.returncode == 0, proposed.stderr
    assert "# Not used unasked: fewer than half of its records have an abstract" in proposed.stdout
    (raw.parent / "layouts.yaml").write_text(proposed.stdout, encoding="utf-8")
    records = pd.read_parquet(run_pipeline(raw) / "records.parquet")
    assert len(records) == 8
    assert set(records["layout"]) == {"like_bars"}
    assert records["year"].notna().all()
    told = palimpsest("layout", raw / "bars.txt", "--raw", raw)
    assert told.stdout.startswith("like_bars")


def test_without_it_the_file_is_set_aside_with_the_proposal(palimpsest: Command, raw: Path) -> None:
    done = palimpsest("run", "--raw", raw, "--clean", raw.parent / "clean")
    assert "columns: [title, authors, venue, year]" in done.stdout + done.stderr
    assert "--propose" in done.stdout + done.stderr


def test_file_of_layouts_that_is_wrong_stops_the_run(palimpsest: Command, raw: Path) -> None:
    (raw.parent / "layouts.yaml").write_text("- name: a\n  between: tea\n  units: [title]\n", encoding="utf-8")
    done = palimpsest("run", "--raw", raw, "--clean", raw.parent / "clean")
    assert done.returncode == 2
    assert "layouts.yaml: line 2: between 'tea'" in done.stderr
    (raw.parent / "layouts.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(StorageError, match=r"layouts\.yaml: cannot be read as UTF-8"):
        RawFolder(raw).layouts()


def test_nothing_to_propose(palimpsest: Command, tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("The kettle stood on the stove.\n" * 9, encoding="utf-8")
    done = palimpsest("layout", tmp_path / "prose.txt", "--propose")
    assert done.returncode == 1
    assert "nothing in it repeats" in done.stderr


def test_example_of_the_readme_is_a_file_of_layouts() -> None:
    example = re.search(
        r"^```yaml\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert example is not None
    assert len(read_specs(example[1], "README.md")) == 3
