"""Runs the command again and again, each time in a process of its own, without importing everything each time.

It is what ``python -m pipeline.cli`` does, but forked from this program, which has loaded the modules and made a run:
loading them, and what libraries do at their first use, takes longer than most of what is tested. Reads an order a line
(JSON) and answers with a process id, then with its exit code.
Not here: orders (``conftest`` and ``tests/soak`` send them).
"""

import importlib
import json
import os
import resource
import sys
import tempfile
from pathlib import Path

MODULES = ("pipeline.cli", "pipeline.runner", "pipeline.report", "pipeline.summary", "pipeline.trace", "pipeline.logs")


def child(order: dict[str, object], main: object) -> None:
    """Become the command: its folder, environment, limits and streams; ends the process."""
    os.setsid()
    os.chdir(str(order["cwd"]))
    os.environ.update(order["environment"])  # type: ignore[call-overload]
    if order["blocks"] is not None:  # of 1024 bytes, as ulimit -f counts
        size = int(str(order["blocks"])) * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for stream, place in ((0, order["input"]), (1, order["output"]), (2, order["errors"])):
        os.dup2(os.open(str(place), flags if stream else os.O_RDONLY, 0o600), stream)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, mode) for n, mode in enumerate(("r", "w", "w")))
    sys.argv = ["palimpsest", *order["arguments"]]  # type: ignore[misc]
    exec(str(order.get("patch", "")), {})  # what a test breaks in the pipeline, in this process alone
    code: object = 1
    try:
        main()  # type: ignore[operator]
    except SystemExit as end:
        code = end.code or 0
    except BaseException:  # as Python itself ends a program
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def run_once() -> None:
    """A run that uses what a run uses, but for the drawing of plots, whose library starts threads: none is forked."""
    charts, runner = (importlib.import_module(f"pipeline.{name}") for name in ("report.charts", "runner"))
    drawing, charts._svg = charts._svg, lambda *_: ""
    with tempfile.TemporaryDirectory() as place:
        raw = Path(place, "raw")
        raw.mkdir()
        text = "Page\nAbstract:Kurt GÃ¶del and Neลกetลil walk\xa0by the river.\n"
        (raw / "page.txt").write_text(text, encoding="utf-8")
        runner.run_main_job(raw, Path(place, "clean"), importlib.import_module("pipeline.resources").Progress())
    charts._svg = drawing


def serve() -> None:
    """Take orders until there are no more."""
    for name in MODULES:
        importlib.import_module(name)
    run_once()
    main = importlib.import_module("pipeline.cli").main
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            child(json.loads(line), main)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    serve()
