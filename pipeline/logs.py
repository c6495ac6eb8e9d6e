"""The log of a run as JSON lines: one event a line, for programs that collect logs.

Every line has ``time`` (UTC), ``level`` and ``event``; ``run``, ``stage`` and ``file`` where the event is about one;
and its counts. All of it is ASCII: what is in names and texts reaches no terminal and breaks no line.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler

from pipeline.engine.stage import LOG


class LogError(Exception):
    """A file that the log cannot go to; the message names it."""


class JsonLines(logging.Formatter):
    """A record of the standard library's logging as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; records of other libraries have their message, and errors where they came from."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
        }
        facts = getattr(record, "facts", None)
        line |= {"message": record.getMessage()} if facts is None else {k: v for k, v in facts.items() if v is not None}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


@contextmanager
def logged_to(place: str | None) -> Iterator[None]:
    """Log runs to a file, to which lines are added, or to standard output ("-"), while the block lasts.

    The file is opened again when it was moved away (logrotate). Without a place nothing is logged. Raises LogError.
    """
    if place is None:
        yield
        return
    try:
        handler = logging.StreamHandler(sys.stdout) if place == "-" else WatchedFileHandler(place, encoding="utf-8")
    except OSError as error:
        raise LogError(f"{place}: cannot be written ({error.strerror}); name another file with --log") from error
    handler.setFormatter(JsonLines())
    level = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.setLevel(level)
        LOG.removeHandler(handler)
        handler.close()
