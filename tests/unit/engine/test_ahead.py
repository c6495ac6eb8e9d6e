"""What is made ahead is taken once, by the work that needs it, with what it cost; what is not there is made then."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from pipeline.engine import Settings, StageRun
from pipeline.engine.ahead import made, start_ahead
from pipeline.storage import CleanFolder, RawFolder

P = ParamSpec("P")
T = TypeVar("T")


class Here:
    """A process beside the run that is this one."""

    def start(self, work: Callable[P, T], /, *given: P.args, **named: P.kwargs) -> Callable[[], T]:
        done = work(*given, **named)
        return lambda: done


def test_what_is_made_ahead_is_taken_once(tmp_path: Path) -> None:
    seen: list[str] = []

    def noted(clean: CleanFolder, run_id: str) -> int:
        seen.append(f"{clean.root.name} {run_id}")
        return len(seen)

    clean = CleanFolder(tmp_path / "clean")
    run = StageRun(
        "link", RawFolder(tmp_path), clean, "run", settings=Settings(beside=Here(), ahead={"link": (noted,)})
    )
    start_ahead(run)
    start_ahead(replace(run, stage="quality"))
    assert seen == ["clean run"]
    assert made(noted, clean, "other") == (2, None)
    found, usage = made(noted, clean, "run")
    assert found == 1
    assert usage is not None
    assert made(noted, clean, "run") == (3, None)


def test_without_such_a_process_nothing_is(tmp_path: Path) -> None:
    def never(*_: object) -> None:
        raise AssertionError("nobody asked for it")

    settings = Settings(ahead={"link": (never,)})
    start_ahead(StageRun("link", RawFolder(tmp_path), CleanFolder(tmp_path), "run", settings=settings))
