"""The few calls a benchmark needs around what it measures: sign in, load, wait, read back."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import quote, urlsplit

import orjson

from .bench_payloads import JOB

SETTLES_WITHIN = 120.0
CREDENTIALS = (
    "grant_type=password&username=sim&password=sim-password"
    "&client_id=fluent-sim&client_secret=fluent-sim-secret&scope=api"
)


class ApiClient:
    """One keep-alive connection to a simulator, signed in."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        self.token: str = self._call("POST", "/oauth/token", CREDENTIALS.encode(), form)[
            "access_token"
        ]
        self._headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
        }

    def _call(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Any:
        self._connection.request(method, path, body, headers)
        reply = self._connection.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path} answered {reply.status}: {content[:400]!r}")
        return orjson.loads(content)

    def post(self, path: str, body: bytes) -> Any:
        """POST a body that must be accepted."""
        return self._call("POST", path, body, self._headers)

    def get(self, path: str) -> Any:
        """GET something that must be there."""
        return self._call("GET", path, None, self._headers)

    def open_job(self, body: bytes = JOB) -> str:
        """Open a job; its id."""
        return str(self.post("/api/v4.1/job", body)["id"])

    def post_batch(self, job: str, body: bytes) -> str:
        """Send a batch; the path at which its state can be read."""
        path = f"/api/v4.1/job/{job}/batch"
        return f"{path}/{self.post(path, body)['id']}"

    def wait_for_batch(self, path: str) -> None:
        """Return when a batch is complete."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while self.get(f"{path}?count=1")["status"] != "COMPLETE":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{path} was not complete after {SETTLES_WITHIN:.0f} seconds")
            time.sleep(0.002)

    def load(self, body: bytes) -> None:
        """Send one batch in a job of its own and wait until it is complete."""
        self.wait_for_batch(self.post_batch(self.open_job(), body))

    def on_hand(self, position: str) -> int:
        """What the catalogue holds of one position."""
        found = self.get(f"/__admin/positions/{quote(position, safe='')}")
        return int(found["onHand"])

    def settle(self) -> None:
        """Return when nothing that was accepted waits any more."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while any(self.get("/__admin/health")["waiting"].values()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the server was not done after {SETTLES_WITHIN:.0f} seconds")
            time.sleep(0.005)

    def check_on_hand(self, expected: dict[str, int]) -> None:
        """Fail unless every position holds exactly what it should."""
        self.settle()
        time.sleep(0.1)  # for the one event that no longer waits, but has not ended
        found = {position: self.on_hand(position) for position in expected}
        if found != expected:
            raise RuntimeError(f"expected {expected}, the catalogue holds {found}")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
