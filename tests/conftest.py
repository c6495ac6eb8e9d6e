"""What several tests share: the folders of the repository and of the seeds, and runs of the real pipeline."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
SERVERS = "tests/integration/servers/"
Tables = dict[str, Any]  # of frames


class Shared(LoadFileScheduling):
    """A file a process, in the order of their names: what takes longest comes first, and small files fill the end.

    The files of ``integration/servers`` go to one process, since the servers are started once in each.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return SERVERS if file.startswith(SERVERS) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shared:
    """What ``--dist=loadfile`` would make, but for the servers."""
    return Shared(config, log)


def read_tables(clean: Path) -> Tables:
    """All published tables, in exact types."""
    import pandas as pd

    from schemas import TABLES

    return {name: pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}


@pytest.fixture(scope="session")
def run_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Runs the main job on a raw folder, recorded nowhere; returns the clean folder."""
    from pipeline.resources import Progress
    from pipeline.runner import run_main_job

    def run(raw: Path, clean: Path | None = None) -> Path:
        clean = clean or tmp_path_factory.mktemp("clean")
        run_main_job(raw, clean, Progress())
        return clean

    return run


@pytest.fixture(scope="session")
def sample_run(run_pipeline: Callable[[Path], Path]) -> Path:
    """The clean folder of a run on the sample listings."""
    return run_pipeline(ROOT / "data" / "raw")


@pytest.fixture(scope="session")
def sample(sample_run: Path) -> Tables:
    """The tables of a run on the sample listings."""
    return read_tables(sample_run)


@pytest.fixture(scope="session")
def seeds(run_pipeline: Callable[[Path], Path]) -> Tables:
    """The tables of a run on the five listings that the project exists for; they stay outside of the repository."""
    if not SEEDS.is_dir():
        pytest.skip(f"the five listings are not beside the repository ({SEEDS})")
    return read_tables(run_pipeline(SEEDS))
