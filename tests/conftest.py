"""What several tests share: the folders of the repository and of the seeds, and runs of the real pipeline."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.resources import Progress
from pipeline.runner import run_main_job
from schemas import TABLES

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
Tables = dict[str, pd.DataFrame]


def read_tables(clean: Path) -> Tables:
    """All published tables, in exact types."""
    return {name: pd.read_parquet(clean / f"{name}.parquet", dtype_backend="pyarrow") for name in TABLES}


@pytest.fixture(scope="session")
def run_pipeline(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Runs the main job on a raw folder, recorded nowhere; returns the clean folder."""

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
