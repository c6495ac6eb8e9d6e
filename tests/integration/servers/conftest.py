"""Real servers for the tests: PostgreSQL, nginx, a mail server, and the services as ``pipeline/deploy`` starts them."""

import json
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "pipeline" / "deploy"
PASSWORD = "geheim-7Q"


def needed(program: str) -> str:
    """Where a program is; without it the test is skipped, but never in CI, whose script installs it."""
    places = [*map(str, Path("/usr/lib/postgresql").glob("*/bin")), os.environ["PATH"], "/usr/sbin"]
    found = shutil.which(program, path=os.pathsep.join(places))
    if not found and os.environ.get("CI"):
        pytest.fail(f"{program} is not installed, and .ci/run should have done so")
    if not found:
        pytest.skip(f"{program} is not installed; .ci/run says how to")
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(what: Callable[[], Any], says: str, seconds: float = 300) -> Any:
    """What a function returns as soon as that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    raise TimeoutError(f"{says}: not within {seconds} seconds")


def open_port(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(name="needed", scope="session")
def _needed() -> Callable[[str], str]:
    """Where a program is, for tests that need no server."""
    return needed


@pytest.fixture(scope="session")
def place() -> Iterator[Path]:
    """A folder that other users can enter, unlike pytest's own: servers give up their rights."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(place: Path) -> Iterator[str]:
    """The address of a real server with a password, run by somebody without rights."""
    folder, port = place / "postgres", free_port()
    folder.mkdir()
    (folder / "password").write_text(PASSWORD)
    user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    for file in (folder, folder / "password"):
        shutil.chown(file, user)
    rights: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    as_user = {**(rights if os.getuid() == 0 else {}), "cwd": folder, "stdout": subprocess.DEVNULL}
    data = folder / "data"
    login = ["--username=palimpsest", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256"]
    subprocess.run([needed("initdb"), "--no-sync", "-D", data, *login], check=True, **as_user)
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    log = (place / "postgres.log").open("wb")
    server = subprocess.Popen([needed("postgres"), "-D", data, "-p", str(port), *settings], stderr=log, **as_user)
    try:
        ready = [needed("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        until(lambda: subprocess.run(ready, check=False).returncode == 0, "PostgreSQL")
        yield f"postgresql://palimpsest:{PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        log.close()


class Mailbox(Message):
    """Keeps the messages that it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.messages.append(message)


@pytest.fixture(scope="session")
def mail() -> Iterator[tuple[int, list[Any]]]:
    """A mail server: its port, and what it has got."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port, box.messages
    controller.stop()


@dataclass
class Deployment:
    """The services as their units start them, in folders and on ports of the test."""

    root: Path
    environment: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=lambda: {"3000": free_port(), "3001": free_port()})
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def raw(self) -> Path:
        return self.root / "srv/palimpsest/data/raw"

    @property
    def clean(self) -> Path:
        return self.root / "srv/palimpsest/data/clean"

    until = staticmethod(until)
    needed = staticmethod(needed)
    free_port = staticmethod(free_port)
    open_port = staticmethod(open_port)

    def own(self, text: str) -> str:
        """A template with the folders and ports of this test."""
        text = text.replace("/opt/palimpsest/venv/bin/", f"{Path(sys.executable).parent}/")
        text = re.sub(r"/(etc|run|srv|var/lib)/palimpsest", lambda m: f"{self.root}{m[0]}", text)
        return re.sub(r"\b300[01]\b", lambda m: str(self.ports[m[0]]), text)

    def start(self, name: str) -> None:
        """Start a service with the command of its unit."""
        (command,) = re.findall(r"^ExecStart=(.*)$", (TEMPLATES / f"palimpsest-{name}.service").read_text(), re.M)
        log = (self.root / f"{name}.log").open("ab")
        folder = self.root / "srv/palimpsest"
        words = shlex.split(self.own(command))
        self.running[name] = subprocess.Popen(
            words, cwd=folder, env=self.environment, stdout=log, stderr=log, start_new_session=True
        )
        log.close()

    def kill(self, *names: str) -> None:
        """SIGKILL for services and all their processes at once, as when the power goes."""
        processes = [self.running.pop(name) for name in names]
        children = [child for process in processes for child in psutil.Process(process.pid).children(recursive=True)]
        for each in [*processes, *children]:
            with suppress(ProcessLookupError):
                os.kill(each.pid, signal.SIGKILL)
        for process in processes:
            process.wait()

    def wait(self) -> None:
        """Until the web pages know the pipeline and the daemon works."""
        until(lambda: self._works("{ jobs: workspaceOrError { ... on Workspace { locationEntries { id } } } }"), "web")
        query = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
        until(lambda: self._works(query) and self.ask(query)["repositoriesOrError"].get("nodes"), "code server")
        health = "{ instance { daemonHealth { allDaemonStatuses { daemonType healthy required } } } }"
        until(
            lambda: all(
                d["healthy"] or not d["required"]
                for d in self.ask(health)["instance"]["daemonHealth"]["allDaemonStatuses"]
            ),
            "daemon",
        )

    def _works(self, query: str) -> bool:
        try:
            return bool(self.ask(query))
        except (OSError, KeyError):
            return False

    def ask(self, query: str, port: str = "3000", prefix: str = "/palimpsest") -> Any:
        """The answer of the web pages to a GraphQL query."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[port]}{prefix}/graphql",
            json.dumps({"query": query}).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["data"]

    def launch(self, job: str = "main_unrecorded") -> str:
        """Ask for a run, by default of the job without checks, which is faster; its id."""
        selector = f'{{repositoryLocationName: "palimpsest", repositoryName: "__repository__", jobName: "{job}"}}'
        answer = self.ask(
            f"mutation {{ launchRun(executionParams: {{selector: {selector}, runConfigData: {{}}}}) "
            "{ __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"
        )["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def runs(self) -> list[dict[str, Any]]:
        """All runs, the newest first."""
        return self.ask("{ runsOrError { ... on Runs { results { runId status parentRunId tags { key value } } } } }")[
            "runsOrError"
        ]["results"]

    def finished(self, run_id: str) -> str:
        """How a run ended, waited for."""

        def ended() -> str | None:
            status = next(run["status"] for run in self.runs() if run["runId"] == run_id)
            return str(status) if status in {"SUCCESS", "FAILURE", "CANCELED"} else None

        return str(until(ended, f"end of run {run_id}"))

    def retried(self, run_id: str) -> str:
        """The run that Dagster started in place of another, waited for."""

        def found() -> str | None:
            return next((str(run["runId"]) for run in self.runs() if run["parentRunId"] == run_id), None)

        return str(until(found, f"retry of run {run_id}"))

    def worker(self, run_id: str) -> int:
        """The process that works on a run, as the run says."""
        query = (
            f'{{ logsForRun(runId: "{run_id}") {{ ... on EventConnection '
            "{ events { ... on EngineEvent { message } } } } }"
        )
        found = re.search(r"Started process for run \(pid: (\d+)\)", json.dumps(self.ask(query)))
        assert found, "no process has reported"
        return int(found[1])


@contextmanager
def deployed(root: Path, *names: str, retries: int = 2, **more: str) -> Iterator[Deployment]:
    """Services in folders below a root, looked at every 2 seconds; ``more`` goes to their environment."""
    for folder in ("etc", "run", "srv", "var/lib"):
        (root / folder / "palimpsest").mkdir(parents=True)
    for folder in ("raw", "clean"):
        (root / "srv/palimpsest/data" / folder).mkdir(parents=True)
    settings = (ROOT / ".dagster/dagster.yaml").read_text()
    for name, value in (("poll_interval_seconds: 15", 2), ("max_retries: 2", retries)):
        assert name in settings
        settings = settings.replace(name, f"{name.partition(':')[0]}: {value}")
    (root / "var/lib/palimpsest/dagster.yaml").write_text(settings)
    own = {name: value for name, value in os.environ.items() if not name.startswith(("DAGSTER", "PALIMPSEST"))}
    own |= {"PYTHONPATH": str(ROOT), "DAGSTER_HOME": str(root / "var/lib/palimpsest"), **more}
    made = Deployment(root, own)
    (root / "etc/palimpsest/workspace.yaml").write_text(made.own((TEMPLATES / "workspace.yaml").read_text()))
    migrate = [Path(sys.executable).with_name("dagster"), "instance", "migrate"]
    subprocess.run(migrate, cwd=root, env=own, check=True, capture_output=True)
    try:
        for name in names:
            made.start(name)
        made.wait()
        yield made
    finally:
        made.kill(*made.running)


@pytest.fixture(scope="session")
def deployment(place: Path, postgres: str, mail: tuple[int, list[Any]]) -> Iterator[Deployment]:
    """Code server, daemon and both web servers, with PostgreSQL behind them and alerts by command and e-mail."""
    root = place / "machine"
    tell = place / "tell.py"
    tell.write_text(
        "import os, sys, pathlib\n"
        f"with pathlib.Path({str(root / 'told.txt')!r}).open('a') as told:\n"
        "    told.write(os.environ['PALIMPSEST_ALERT_SUBJECT'] + '\\n' + sys.stdin.read())\n"
    )
    more = {
        "PALIMPSEST_POSTGRES_URL": postgres,
        "PALIMPSEST_ALERT_COMMAND": f"{sys.executable} {tell}",
        "PALIMPSEST_ALERT_EMAIL": "data@example.org, ops@example.org",
        "PALIMPSEST_SMTP_HOST": "127.0.0.1",
        "PALIMPSEST_SMTP_PORT": str(mail[0]),
    }
    with deployed(root, "code", "daemon", "web", "web-readonly", **more) as made:
        yield made
