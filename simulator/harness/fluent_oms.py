"""The simulator as a test of a connector holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ..client.answers import Answer
from ..client.client_errors import AnswerError
from ..client.control_calls import ControlCalls
from ..client.fluent_api import SIGNED_IN
from .chosen_faults import ChosenFaults
from .connector_credentials import ConnectorCredentials
from .delta_fates import DeltaFates
from .kept_work import kept_work
from .plain_requests import PlainRequests
from .positions import SeenPosition, find_position, place_of
from .sent_requests import SentRequests
from .unstruck_faults import Unstruck
from .wire_story import wire_story
from .world_assertions import SECONDS_TO_SETTLE, NotSettledError, WorldAssertions
from .world_clock import WorldClock
from .world_webhooks import WorldWebhooks

__tracebackhide__ = True  # pytest shows the line of the test that has called

SNAPSHOTS = "/__admin/snapshots"
A_SNAPSHOT = "test"
A_SEED = 4_000
"""Positions that are loaded at once."""
FORGET_ALL = "conformance=drop&tokens=drop&requests=drop&ledger=drop&faults=drop&webhooks=drop"


class FluentOms(WorldAssertions):
    """A world of a simulator: what a connector calls, and what a test wants to know of that.

    It speaks to the world over HTTP, by its control API, wherever it runs.
    """

    def __init__(
        self,
        url: str,
        credentials: ConnectorCredentials,
        *,
        calls: ControlCalls | None = None,
        seed: int | None = None,
        is_in_process: bool = False,
        unstruck: Unstruck = "fail",
    ) -> None:
        self.url = url
        """The base URL for the connector."""
        self.credentials = credentials
        super().__init__(calls or ControlCalls(url), f"DEFAULT:{credentials.retailer_id}")
        self.requests = SentRequests(self._calls)
        """What the connector has sent."""
        self.faults = ChosenFaults(self._calls, seed, is_in_process=is_in_process)
        """What is to go wrong."""
        self.clock = WorldClock(self._calls)
        self.ledger = DeltaFates(self._calls)
        """What came of each delta."""
        self.unstruck: Unstruck = unstruck
        """What is done at the end about a fault that was to strike, and has struck nothing."""
        self._sender = PlainRequests(url, credentials)
        self.webhooks = WorldWebhooks(self._calls)
        """Where events are posted to as they end, and what came of that."""

    def __repr__(self) -> str:
        return f"FluentOms({self.url!r})"

    @property
    def env(self) -> dict[str, str]:
        """Environment variables for the connector: where Fluent is, and who signs in."""
        return self.credentials.environment(self.url)

    # -- requests of the test itself -----------------------------------------------------------

    def send(
        self, method: str, path: str, body: object = None, *, token: str | None = SIGNED_IN
    ) -> Answer:
        """Send a request as a connector does: a text or bytes as they are, all else as JSON.

        It is seen and may be struck by faults. The first one signs in; `token=None` sends none.
        What it is answered is for the test to judge: status 0 says that no whole reply came, for
        which it waits ten seconds. Raises SignInError where no token is given.
        """
        return self._sender.send(method, path, body, token)

    def sign_in(self) -> Answer:
        """Ask for a token, which goes with all that the test sends from here on."""
        return self._sender.sign_in()

    # -- stock ---------------------------------------------------------------------------------

    def load(self, stock: Mapping[tuple[str, str], int]) -> None:
        """Count the stock on hand of products at locations, as of now; no request is seen.

        Raises TypeError for a key that is no product and location.
        """
        retailer = int(self.credentials.retailer_id)
        entities = [
            {
                "skuRef": product,
                "locationRef": location,
                "qty": on_hand,
                "correctedQty": 0,
                "retailerId": retailer,
            }
            for (product, location), on_hand in ((place_of(key), it) for key, it in stock.items())
        ]
        for start in range(0, len(entities), A_SEED):
            some = entities[start : start + A_SEED]
            self._calls.call("POST", "/__admin/seed", {"entities": some})

    def on_hand(self, product: str, location: str, *, catalogue: str = "") -> int | None:
        """The stock on hand, once what is due is applied; None where there is no position.

        What a settling or a fault keeps for later is not in it.
        """
        found = self.position(product, location, catalogue=catalogue)
        return None if found is None else found.on_hand

    def position(self, product: str, location: str, *, catalogue: str = "") -> SeenPosition | None:
        """All quantities of a position with their histories, once what is due is applied."""
        self._kept_for_later()
        return find_position(self._calls, product, location, catalogue or self.catalogue)

    def settle(self, *, within: int = SECONDS_TO_SETTLE) -> None:
        """Have all that was accepted applied, also what is held back.

        Raises NotSettledError where something is left: what takes longer, or is kept by a fault.
        """
        kept = kept_work(self._settle(within))
        if kept:
            raise NotSettledError(
                f"{kept}: faults.clear() has it go on at once, clock.advance() has its time come"
            )

    def wire_story(self) -> dict[str, Any]:
        """What was sent and answered so far, as plain values, without secrets."""
        return wire_story(self._calls)

    # -- states --------------------------------------------------------------------------------

    def snapshot(self, name: str = A_SNAPSHOT) -> None:
        """Keep the state of now by a name, in the place of what was kept by it."""
        self._calls.call("PUT", f"{SNAPSHOTS}/{quote(name, safe='')}", {"replace": True})

    def restore(self, name: str = A_SNAPSHOT) -> None:
        """Go back to it: stock, jobs, events, clock and switches; what was sent stays seen.

        Raises LookupError where nothing was kept by that name.
        """
        try:
            self._calls.call("POST", f"{SNAPSHOTS}/{quote(name, safe='')}/restore")
        except AnswerError:
            kept = self._calls.document("GET", SNAPSHOTS)["snapshots"]
            if any(each["name"] == name for each in kept):
                raise
            said = "" if name == A_SNAPSHOT else repr(name)
            which = f"no snapshot {said}".strip()
            raise LookupError(f"there is {which}; snapshot({said}) keeps one") from None

    def reset(self) -> None:
        """Back to the state after the start: no stock, no requests, faults, tokens or webhooks."""
        self._calls.call("POST", f"/__admin/reset?{FORGET_ALL}")
        self._sender.sign_out()

    def change_behaviours(self, behaviours: Mapping[str, str | None]) -> None:
        """Change switches from now on; None is the value of the profile."""
        self._calls.call("PUT", "/__admin/behaviours", {"behaviours": behaviours})

    def change_settling(self, mode: str, **more: object) -> None:
        """Choose how fast what is accepted is applied: `immediate`, `time` or `manual`."""
        self._calls.call("PUT", "/__admin/settling", {"mode": mode, **more})
