"""Tells people that a run or a check has failed: by a command, by e-mail, or by both, as the environment says.

Not here: when to tell (``watch``).
"""

import os
import shlex
import smtplib
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

_SECONDS = 20


class AlertError(Exception):
    """Nobody was told; the message says why, and what the alert was."""


@dataclass(frozen=True)
class Alert:
    """What people are told."""

    subject: str
    text: str
    run_id: str


def send(alert: Alert, environment: Mapping[str, str] | None = None) -> list[str]:
    """Tell everybody whom the environment names; returns how they were told, nothing when it names nobody.

    ``PALIMPSEST_ALERT_COMMAND`` gets the text on its standard input and the subject in ``PALIMPSEST_ALERT_SUBJECT``;
    no shell reads it. ``PALIMPSEST_ALERT_EMAIL`` is a list of addresses with commas. When one way fails the other is
    tried all the same; then raises AlertError.
    """
    environment = os.environ if environment is None else environment
    ways: list[tuple[str, Callable[[Alert, Mapping[str, str]], None]]] = []
    if environment.get("PALIMPSEST_ALERT_COMMAND"):
        ways.append(("command", _run_command))
    if environment.get("PALIMPSEST_ALERT_EMAIL"):
        ways.append(("e-mail", _send_mail))
    told, failed = [], []
    for name, way in ways:
        try:
            way(alert, environment)
            told.append(name)
        except (OSError, ValueError, subprocess.SubprocessError, smtplib.SMTPException) as error:
            failed.append(f"{name}: {error}")
    if failed:
        raise AlertError(f"could not tell of: {alert.subject} ({'; '.join(failed)}); mend PALIMPSEST_ALERT_*")
    return told


def _run_command(alert: Alert, environment: Mapping[str, str]) -> None:
    facts = {"PALIMPSEST_ALERT_SUBJECT": alert.subject, "PALIMPSEST_ALERT_RUN": alert.run_id}
    subprocess.run(  # noqa: S603
        shlex.split(environment["PALIMPSEST_ALERT_COMMAND"]),
        input=f"{alert.text}\n",
        text=True,
        env={**environment, **facts},
        timeout=_SECONDS,
        check=True,
    )


def _send_mail(alert: Alert, environment: Mapping[str, str]) -> None:
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["To"] = environment["PALIMPSEST_ALERT_EMAIL"]
    message["From"] = environment.get("PALIMPSEST_ALERT_FROM", "palimpsest@localhost")
    message.set_content(alert.text)
    host = environment.get("PALIMPSEST_SMTP_HOST", "localhost")
    port = int(environment.get("PALIMPSEST_SMTP_PORT", "25"))
    with smtplib.SMTP(host, port, timeout=_SECONDS) as server:
        if user := environment.get("PALIMPSEST_SMTP_USER"):
            server.starttls()  # a password never goes over an open line
            server.login(user, environment.get("PALIMPSEST_SMTP_PASSWORD", ""))
        server.send_message(message)
