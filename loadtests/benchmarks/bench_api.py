"""The few calls a benchmark makes around what it measures: load, settle, compare the stock."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fluent_oms_simulator.client.client_errors import AnswerError
from fluent_oms_simulator.client.exchanges import Wire
from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.client.target_server import Target

PATIENCE = 120.0
PAUSE = 0.002
SECONDS_TO_ANSWER = 60.0
SETTLE = "/__admin/settle?wait=30"
"""Answered once nothing waits and nothing is being applied, or after so many seconds."""


class BenchApi(Api):
    """A caller of a simulator that looks often, and sends batches as they are."""

    def __init__(self, url: str) -> None:
        super().__init__(
            Target(url, patience=PATIENCE, pause=PAUSE), Wire(seconds=SECONDS_TO_ANSWER)
        )
        self.job_name = "benchmark"

    def complete(self, job: str, batch_id: str) -> None:
        """Return when a batch is COMPLETE, whatever became of its records."""
        self.wait_for_batch(job, batch_id, count=1)

    def load_bytes(self, body: bytes) -> None:
        """Send one batch in a job of its own and wait until it is complete."""
        job = self.open_job()
        self.complete(job, self.post_batch(job, body))

    def settle(self) -> None:
        """Return when all that was accepted is applied."""
        self.eventually(lambda: self.call("POST", SETTLE).accepted()["settled"])

    def check_on_hand(self, expected: dict[str, int]) -> None:
        """Fail unless every position holds exactly what it should."""
        self.settle()
        found = self._on_hand(expected)
        if found != expected:
            raise AnswerError(f"expected {expected}, the catalogue holds {found}")

    def _on_hand(self, positions: Iterable[str]) -> dict[str, int]:
        return {
            position: self.get(f"/__admin/positions/{quote(position, safe='')}")["onHand"]
            for position in positions
        }
