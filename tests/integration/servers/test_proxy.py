"""The real nginx with our configuration, in front of the real web pages: who comes in, and what gets through."""

import base64
import http.client
import json
import os
import pwd
import signal
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from schemas import TABLES

ROOT = Path(__file__).parents[3]
NAME = "tables.example.org"
PEOPLE = {"engineers": ("erna", "ufer-3"), "analysts": ("anton", "watt-9")}

# What nginx needs beside our file; as nobody's service it can write but to the folder of the test.
MAIN = """
daemon off;
pid {root}/nginx.pid;
error_log {root}/nginx-error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {root}/nginx-body;
    proxy_temp_path {root}/nginx-proxy;
    fastcgi_temp_path {root}/nginx-fastcgi;
    uwsgi_temp_path {root}/nginx-uwsgi;
    scgi_temp_path {root}/nginx-scgi;
    include {root}/palimpsest.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens, and what its certificate is held against."""

    port: int
    plain_port: int
    tls: ssl.SSLContext

    def get(self, path: str, login: tuple[str, str] | None = None, **headers: str) -> http.client.HTTPResponse:
        return self.send("GET", path, login, None, **headers)

    def send(
        self, method: str, path: str, login: tuple[str, str] | None, body: str | None, **headers: str
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=60)
        connection.request(method, path, body, {"Host": NAME, **_authorization(login), **headers})
        return connection.getresponse()

    def ask(self, path: str, login: tuple[str, str], query: str) -> Any:
        answer = self.send("POST", path, login, json.dumps({"query": query}), **{"Content-Type": "application/json"})
        assert answer.status == 200
        return json.load(answer)


def _authorization(login: tuple[str, str] | None) -> dict[str, str]:
    if login is None:
        return {}
    return {"Authorization": "Basic " + base64.b64encode(":".join(login).encode()).decode()}


@pytest.fixture(scope="module")
def proxy(deployment: Any) -> Iterator[Proxy]:
    root, etc = deployment.root, deployment.root / "etc/palimpsest"
    openssl = deployment.needed("openssl")
    (etc / "tls").mkdir()
    certificate, key = etc / "tls/fullchain.pem", etc / "tls/privkey.pem"
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    make = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, *names]
    subprocess.run(make, check=True, capture_output=True)
    for group, (name, password) in PEOPLE.items():
        make = [openssl, "passwd", "-apr1", password]
        secret = subprocess.run(make, check=True, capture_output=True, text=True).stdout.strip()
        (etc / f"{group}.htpasswd").write_text(f"{name}:{secret}\n")
    port, plain_port = deployment.free_port(), deployment.free_port()
    ours = deployment.own((ROOT / "pipeline/deploy/nginx.conf").read_text())
    ours = ours.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace("listen 80", f"listen {plain_port}")
    (root / "palimpsest.conf").write_text(ours)
    user = f"user {pwd.getpwuid(0).pw_name};" if os.getuid() == 0 else ""
    (root / "nginx.conf").write_text(MAIN.format(root=root, user=user))
    command = [deployment.needed("nginx"), "-p", str(root), "-c", str(root / "nginx.conf")]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        deployment.until(lambda: server.poll() is None and deployment.open_port(port), "nginx", 60)
        yield Proxy(port, plain_port, ssl.create_default_context(cafile=str(certificate)))
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(30)


@pytest.mark.parametrize("path", ["/palimpsest/", "/palimpsest/graphql", "/palimpsest-read/", "/palimpsest-read/x"])
def test_nobody_comes_in_without_a_password(proxy: Proxy, path: str) -> None:
    assert proxy.get(path).status == 401
    assert proxy.get(path, ("erna", "wrong")).status == 401


def test_analysts_come_in_where_nothing_can_be_changed_and_only_there(proxy: Proxy) -> None:
    login = PEOPLE["analysts"]
    assert proxy.get("/palimpsest/", login).status == 401
    page = proxy.get("/palimpsest-read/", login)
    assert page.status == 200
    assert "/palimpsest-read" in page.read().decode()
    assert not any(rights(proxy, "/palimpsest-read", "analysts"))
    assert any(rights(proxy, "/palimpsest", "engineers"))


def rights(proxy: Proxy, prefix: str, group: str) -> list[bool]:
    answer = proxy.ask(f"{prefix}/graphql", PEOPLE[group], "{ permissions { permission value } }")
    return [right["value"] for right in answer["data"]["permissions"]]


def test_the_page_and_a_query_get_through_and_the_page_is_protected(proxy: Proxy) -> None:
    login = PEOPLE["engineers"]
    page = proxy.get("/palimpsest/", login)
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert '"telemetryEnabled": false' in page.read().decode()
    answer = proxy.ask("/palimpsest/graphql", login, "{ assetNodes { assetKey { path } } }")
    assert len(answer["data"]["assetNodes"]) == len(TABLES) + 1


def test_other_sites_cannot_use_the_password_of_a_browser(proxy: Proxy) -> None:
    login = PEOPLE["engineers"]
    assert proxy.get("/palimpsest/", login, Origin="https://elsewhere.example").status == 403
    assert proxy.get("/palimpsest/", login, Origin=f"https://{NAME}").status == 200


def test_subscriptions_go_over_a_websocket(proxy: Proxy) -> None:
    headers = {**_authorization(PEOPLE["engineers"]), "Origin": f"https://{NAME}"}
    address = f"wss://127.0.0.1:{proxy.port}/palimpsest/graphql"
    subprotocols: Any = ["graphql-ws"]
    with connect(address, ssl=proxy.tls, additional_headers=headers, subprotocols=subprotocols) as socket:
        socket.send(json.dumps({"type": "connection_init", "payload": {}}))
        assert json.loads(socket.recv(timeout=60))["type"] == "connection_ack"
        query = "subscription { locationStateChangeEvents { event { eventType } } }"
        socket.send(json.dumps({"id": "1", "type": "start", "payload": {"query": query}}))
        socket.send(json.dumps({"id": "1", "type": "stop"}))
    with pytest.raises(Exception, match="401"), connect(address, ssl=proxy.tls):
        pass


def test_plain_http_is_sent_to_tls(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain_port, timeout=60)
    connection.request("GET", "/palimpsest/", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/palimpsest/")
