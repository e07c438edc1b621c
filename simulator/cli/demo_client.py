"""A small HTTP client for the demo, and the simulator that it talks to."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from ..settings import ENV_PREFIX, Settings

SECONDS_TO_START = 20
SECONDS_TO_ANSWER = 10
SECONDS_TO_SETTLE = 20

Json = dict[str, Any]


class ClientError(Exception):
    """Why the demo cannot go on, as a sentence."""


class Client:
    """Calls one simulator, with the token once it has signed in."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._headers: dict[str, str] = {}
        # Never through a proxy of the environment: the simulator is on this machine.
        self._opener = build_opener(ProxyHandler({}))

    def sign_in(self, settings: Settings) -> Json:
        """A token by the password grant, used from here on."""
        form = {
            "grant_type": "password",
            "client_id": settings.client_id,
            "client_secret": settings.client_secret,
            "username": settings.username,
            "password": settings.password,
        }
        reply = self._send(Request(f"{self.url}/oauth/token", urlencode(form).encode()))
        self._headers["Authorization"] = f"Bearer {reply['access_token']}"
        return reply

    def get(self, path: str) -> Json:
        """A JSON reply."""
        return self._send(Request(self.url + path, headers=self._headers))

    def post(self, path: str, body: Json) -> Json:
        """A JSON reply to a JSON body."""
        headers = {**self._headers, "Content-Type": "application/json"}
        return self._send(Request(self.url + path, json.dumps(body).encode(), headers))

    def wait_for(self, path: str, settled: Callable[[Json], bool]) -> Json:
        """Ask again until the reply has settled."""
        deadline = time.monotonic() + SECONDS_TO_SETTLE
        while not settled(reply := self.get(path)):
            if time.monotonic() > deadline:
                raise ClientError(f"{path} did not settle within {SECONDS_TO_SETTLE} s: {reply}")
            time.sleep(0.02)
        return reply

    def _send(self, request: Request) -> Json:
        try:
            with self._opener.open(request, timeout=SECONDS_TO_ANSWER) as reply:
                body: Json = json.load(reply)
                return body
        except HTTPError as fault:
            text = fault.read().decode(errors="replace")
            fault.close()
            where = f"{request.get_method()} {request.selector}"
            raise ClientError(f"{where} answered {fault.code}: {text}") from None
        except (URLError, OSError) as fault:
            raise ClientError(f"{request.full_url} does not answer: {fault}") from None


@contextmanager
def running_simulator() -> Iterator[Client]:
    """An empty simulator on a free port, whatever the environment sets; stopped at the end."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(ENV_PREFIX)}
    command = [sys.executable, "-m", "fluent_oms_simulator", "serve"]
    with subprocess.Popen(
        [*command, "--port", "0", "--seed-data", "none"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean,
    ) as server:
        log: list[str] = []
        reader = threading.Thread(target=_collect, args=(server, log), daemon=True)
        reader.start()
        overdue = threading.Timer(SECONDS_TO_START, server.kill)
        overdue.start()
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            overdue.cancel()
            if not line:
                server.wait(SECONDS_TO_ANSWER)
                reader.join(SECONDS_TO_ANSWER)
                raise ClientError("the simulator did not start:\n" + "".join(log))
            yield Client(json.loads(line)["url"])
        finally:
            overdue.cancel()
            server.terminate()
            try:
                server.wait(2 * SECONDS_TO_ANSWER)
            except subprocess.TimeoutExpired:
                server.kill()


def _collect(server: "subprocess.Popen[str]", log: list[str]) -> None:
    assert server.stderr is not None
    log.extend(server.stderr)
