"""What is to go wrong in a test: one method for each kind of fault and each preset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Unpack

from .armed_fault import ArmedFault, WhichCalls, WorldFaults, distribution

__tracebackhide__ = True  # pytest shows the line of the test that has called

Delay = float | tuple[float, float] | Mapping[str, object]
"""Milliseconds; the least and the most of them; or a distribution as a fault rule has it."""


class ChosenFaults(WorldFaults):
    """Arms faults; each method says which requests are struck by the words of `WhichCalls`."""

    def lose_reply(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """What is sent is applied, and its sender never learns: the connection is reset."""
        return self._arm_at("after_commit", "reset", {}, which)

    # -- in the place of the answer ------------------------------------------------------------

    def status(
        self,
        status: int,
        *,
        code: str | None = None,
        message: str | None = None,
        retry_after: int | None = None,
        **which: Unpack[WhichCalls],
    ) -> ArmedFault:
        """A status with Fluent's own body for it."""
        said = {"status": status, "code": code, "message": message, "retryAfter": retry_after}
        return self._arm("status", said, which)

    def rate_limit(
        self,
        *,
        quota: Mapping[str, object] | None = None,
        retry_after: int | None = None,
        **which: Unpack[WhichCalls],
    ) -> ArmedFault:
        """429 with Retry-After; with a quota beyond so many `requests` in so many `seconds`."""
        return self._arm("rate_limit", {"quota": quota, "retryAfter": retry_after}, which)

    def graphql_rate_limit(
        self, *, quota: Mapping[str, object] | None = None, **which: Unpack[WhichCalls]
    ) -> ArmedFault:
        """GraphQL's code for a rate limit, in a reply with status 200."""
        return self._arm("graphql_rate_limit", {"quota": quota}, which)

    def proxy_page(
        self, *, status: Literal[502, 503, 504] | None = None, **which: Unpack[WhichCalls]
    ) -> ArmedFault:
        """The HTML page of a proxy."""
        return self._arm("proxy_page", {"status": status}, which)

    def token_refused(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The token is refused, or the sign-in."""
        return self._arm("token_refused", {}, which)

    def token_expired(
        self, *, after_seconds: float | None = None, **which: Unpack[WhichCalls]
    ) -> ArmedFault:
        """A token expires early: so many seconds after it was first met."""
        return self._arm("token_expired", {"afterSeconds": after_seconds}, which)

    def stale(self, seconds: float, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The reply of before comes again, to the same question, for so many seconds."""
        return self._arm("stale", {"seconds": seconds}, which)

    # -- of the connection ---------------------------------------------------------------------

    def latency(self, delay: Delay, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The call takes longer."""
        return self._arm("latency", {"delay": distribution(delay)}, which)

    def reset(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The connection is reset: nothing was taken in, unless the `point` says otherwise."""
        return self._arm("reset", {}, which)

    def no_reply(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """Nothing comes until the client gives up."""
        return self._arm("no_reply", {}, which)

    def cut_off(self, *, share: float | None = None, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The reply breaks off; a share of it has come by then."""
        return self._arm("cut_off", {"share": share}, which)

    def drip(
        self, *, bytes_per_second: float | None = None, **which: Unpack[WhichCalls]
    ) -> ArmedFault:
        """The reply comes so many bytes a second."""
        return self._arm("drip", {"bytesPerSecond": bytes_per_second}, which)

    def double_reply(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """The body of the reply comes twice."""
        return self._arm("double_reply", {}, which)

    # -- of the platform -----------------------------------------------------------------------

    def late(self, delay: Delay, **which: Unpack[WhichCalls]) -> ArmedFault:
        """It is applied later, in the simulator's time; so events come out of order."""
        return self._arm("late", {"delay": distribution(delay)}, which)

    def twice(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """An event is delivered twice."""
        return self._arm("twice", {}, which)

    def fail(self, *, after_records: int | None = None, **which: Unpack[WhichCalls]) -> ArmedFault:
        """An event fails; of a batch all records do, after so many."""
        return self._arm("fail", {"afterRecords": after_records}, which)

    def hold_batch(
        self,
        *,
        seconds: float | None = None,
        polls: int | None = None,
        state: Literal["PENDING", "RUNNING"] | None = None,
        **which: Unpack[WhichCalls],
    ) -> ArmedFault:
        """A batch stays as it is for so many seconds, or until it was asked for so often."""
        return self._arm("hold_batch", {"seconds": seconds, "polls": polls, "state": state}, which)

    def close_job(self, **which: Unpack[WhichCalls]) -> ArmedFault:
        """A job is closed before its midnight, from this batch on."""
        return self._arm("close_job", {}, which)

    # -- presets -------------------------------------------------------------------------------

    def flaky_network(self) -> None:
        """Replies are slow, break off or never come, wherever a call goes."""
        self.preset("flaky-network")

    def rate_limited(self) -> None:
        """So many requests a second of each kind of call, and refusals beyond."""
        self.preset("rate-limited")

    def lost_replies(self) -> None:
        """What was sent is applied, and nobody learns of it: one reply in four is lost."""
        self.preset("lost-replies")

    def token_storm(self) -> None:
        """Tokens expire early, and signing in again is limited."""
        self.preset("token-storm")

    def slow_batches(self) -> None:
        """A batch stays PENDING for two polls, and some stay RUNNING for half a minute."""
        self.preset("slow-batches")

    def midnight(self) -> None:
        """The day ends while batches are sent: every third one finds its job closed."""
        self.preset("midnight")

    def out_of_order(self) -> None:
        """Events are applied some seconds later, in another order, and one in ten twice."""
        self.preset("out-of-order")

    def stale_reads(self) -> None:
        """Statuses and GraphQL are told as they were up to 5 seconds ago."""
        self.preset("stale-reads")
