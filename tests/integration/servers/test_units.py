"""The systemd units, looked at by systemd itself."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).parents[3] / "pipeline" / "deploy"
UNITS = sorted(file.name for file in TEMPLATES.glob("*.service"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The units where systemd looks for them, with programs that are there."""
    (tmp_path / "palimpsest-.service.d").mkdir()
    shutil.copy(TEMPLATES / "common.conf", tmp_path / "palimpsest-.service.d")
    for name in UNITS:
        text = (TEMPLATES / name).read_text().replace("/opt/palimpsest/venv/bin/", f"{Path(sys.executable).parent}/")
        (tmp_path / name).write_text(text)
    return tmp_path


def analyze(program: str, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"}
    command = [program, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_no_fault(folder: Path, needed: Any) -> None:
    done = analyze(needed("systemd-analyze"), folder, "verify", "--man=no", *(folder / name for name in UNITS))
    ours = [line for line in done.stderr.splitlines() if "palimpsest" in line]
    assert ours == []
    (folder / UNITS[0]).write_text((folder / UNITS[0]).read_text().replace("ExecStart=", "ExecStrat="))
    done = analyze(needed("systemd-analyze"), folder, "verify", "--man=no", folder / UNITS[0])
    assert "ExecStrat" in done.stderr, "a fault would not be seen"


@pytest.mark.parametrize("name", UNITS)
def test_services_have_few_rights(folder: Path, needed: Any, name: str) -> None:
    arguments = ("security", "--offline=yes", "--no-pager", "--threshold=30", folder / name)
    done = analyze(needed("systemd-analyze"), folder, *arguments)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_every_service_is_one_that_the_test_of_the_deployment_starts() -> None:
    started = re.findall(r'"(code|daemon|web|web-readonly)"', (Path(__file__).parent / "conftest.py").read_text())
    assert {f"palimpsest-{name}.service" for name in started} == set(UNITS)
