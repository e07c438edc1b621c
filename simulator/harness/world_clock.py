"""The time of a world, as a test moves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from ..client.control_calls import ControlCalls

__tracebackhide__ = True  # pytest shows the line of the test that has called

CLOCK = "/__admin/clock"


class WorldClock:
    """The clock that tokens, jobs, scheduled events and timestamps go by."""

    def __init__(self, calls: ControlCalls) -> None:
        self._calls = calls

    @property
    def now(self) -> datetime:
        """What time it is there."""
        return _moment(self._calls.document("GET", CLOCK))

    def advance(
        self,
        by: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        milliseconds: float = 0,
    ) -> datetime:
        """Move it on; what falls due on the way runs at its own time, in order. The time then."""
        whole = (by or timedelta()) + timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds
        )
        wish = {"milliseconds": round(whole / timedelta(milliseconds=1))}
        return _moment(self._calls.document("POST", f"{CLOCK}/advance", wish))

    def freeze(self, at: datetime | str | None = None) -> datetime:
        """Stop it, at another time if that is named; the time then."""
        return self._change({"frozen": True} | _at(at))

    def go_on(self, *, rate: float = 1.0) -> datetime:
        """Let it go; a rate of 3600 makes an hour of a second."""
        return self._change({"frozen": False, "rate": rate})

    def set(self, at: datetime | str) -> datetime:
        """Set it; whether it stands still and how fast it goes is left as it is."""
        return self._change(_at(at))

    def follow_machine(self) -> datetime:
        """Follow the machine's time again."""
        return _moment(self._calls.document("DELETE", CLOCK))

    def _change(self, wish: Mapping[str, object]) -> datetime:
        return _moment(self._calls.document("PUT", CLOCK, wish))


def moment_text(at: datetime | str) -> str:
    """A moment as the control API takes it; a datetime without a zone is meant in UTC."""
    if isinstance(at, str):
        return at
    return at.isoformat() if at.tzinfo else f"{at.isoformat()}+00:00"


def _at(at: datetime | str | None) -> dict[str, object]:
    return {} if at is None else {"now": moment_text(at)}


def _moment(told: Mapping[str, object]) -> datetime:
    return datetime.fromisoformat(str(told["now"]))
