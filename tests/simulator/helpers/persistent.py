"""An integration that sends again whatever was not answered whole, and moves time on."""

from collections.abc import Callable, Mapping, Sequence

from fluent_oms_simulator import Simulator
from fluent_oms_simulator.clock import VirtualClock
from werkzeug.test import TestResponse

from ...support import Client, Document, batch

MOST_TRIES = 200
A_WHILE = 6_000
"""Milliseconds: longer than any preset keeps something back, but for batches that run."""


class PersistentClient(Client):
    """As a good connector: the same request again, with the same ids, until it is answered."""

    def __init__(self, simulator: Simulator, clock: VirtualClock) -> None:
        super().__init__(simulator)
        self._clock = clock
        self.tries = 0

    def sign_in(self, **parameters: str) -> TestResponse:
        """A token, however often it takes."""
        sign_in = super().sign_in
        return self._again(lambda: sign_in(**parameters))

    def get(self, path: str, **query: str) -> TestResponse:
        """GET until it is answered."""
        get = super().get
        return self._again(lambda: get(path, **query))

    def post(self, path: str, document: object, **headers: str) -> TestResponse:
        """POST until it is answered."""
        post = super().post
        return self._again(lambda: post(path, document, **headers))

    def load(
        self,
        records: Sequence[Mapping[str, object]],
        *,
        job: str | None = None,
        preprocessing: str | None = None,
        **envelope: object,
    ) -> str:
        """A batch, into another job where one is closed; complete when this returns."""
        while True:
            job = self.job(preprocessing=preprocessing)
            reply = self.post(f"/api/v4.1/job/{job}/batch", batch(*records, **envelope))
            if reply.status_code == 200:
                break
            assert "is CLOSED" in reply.get_data(as_text=True)
        number = str(reply.get_json()["id"])
        while self.batch(number, job)["status"] != "COMPLETE":
            self.move_on(A_WHILE)
        return number

    def send(self, document: Mapping[str, object]) -> Document:
        """An event, again where it has failed; it has ended when this returns."""
        while True:
            reply = self.post("/api/v4.1/event/async", document)
            found = self.event(reply.get_json()["id"])
            while found["eventStatus"] == "PENDING":
                self.move_on(A_WHILE)
                found = self.event(reply.get_json()["id"])
            self.move_on(A_WHILE)
            if found["eventStatus"] != "FAILED":
                return found

    def move_on(self, milliseconds: int) -> None:
        """Let time go by, and what falls due be applied."""
        self._clock.advance(milliseconds)
        self.settle()

    def _again(self, call: Callable[[], TestResponse]) -> TestResponse:
        for _ in range(MOST_TRIES):
            self.tries += 1
            reply = call()
            is_whole = reply.get_json(silent=True) is not None
            is_closed = "is CLOSED" in reply.get_data(as_text=True)
            if is_whole and (reply.status_code == 200 or is_closed):
                return reply
            if reply.status_code == 401:
                self.forget_token()
            if reply.status_code == 429:
                self._clock.advance(1000 * int(reply.headers["Retry-After"]))
        raise AssertionError(f"{MOST_TRIES} tries, the last one {reply.get_data(as_text=True)}")
