"""The command in processes of its own, and a real browser for tests that look at pages as people do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[bytes]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Done]]:
    """Runs the command as people do, see ``forker``.

    ``blocks`` is the largest file that it may write, in KiB; ``patch`` is code that is run in its process first.
    """
    place = tmp_path_factory.mktemp("command")
    script = [sys.executable, str(ROOT / "tests" / "integration" / "forker.py")]
    environment = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    server = subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True)
    assert server.stdin is not None
    assert server.stdout is not None

    def run(
        *arguments: object, cwd: Path = ROOT, data: bytes = b"", blocks: int | None = None, patch: str = ""
    ) -> subprocess.CompletedProcess[bytes]:
        streams = {name: place / name for name in ("input", "output", "errors")}
        for stream in streams.values():
            stream.write_bytes(data if stream.name == "input" else b"")
        words = list(map(str, arguments))
        order = {
            "arguments": words,
            "cwd": str(cwd),
            "blocks": blocks,
            "environment": {"COLUMNS": "120"},
            "patch": patch,
        }
        order |= {"environment": {"COLUMNS": "120"}, **{name: str(file) for name, file in streams.items()}}
        print(json.dumps(order), file=server.stdin, flush=True)
        server.stdout.readline()  # its process
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(words, code, *(streams[n].read_bytes() for n in ("output", "errors")))

    with server:
        yield run
        server.stdin.close()


@pytest.fixture
def palimpsest(command: Callable[..., Done]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same for commands that speak UTF-8."""

    def run(*arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
        done = command(*arguments, **more)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium, without a window; a machine without one fails, since nothing else looks at pages.

    While it runs, its event loop is the thread's: what a test needs of the pipeline runs before, in an autouse fixture.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"none of {NAMES} is installed; install Chromium, as .ci/run does")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium's sandbox does not start for root
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=sandbox)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own, the size of a desk's screen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
