"""What a test may ask to hold of a world; where it does not, the failure tells what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from ..client.control_calls import ControlCalls
from .kept_work import kept_work
from .operation_words import in_fluents_names
from .source_comparison import reconciliation_note
from .stock_notes import on_hand_note
from .traffic_notes import (
    conformance_note,
    exactly_once_note,
    polled_note,
    verdict_note,
    verified,
)

SECONDS_TO_SETTLE = 60
HOW_TO_GO_ON = (
    "Have it applied before, by settle() or, where a fault keeps it, by faults.clear() or"
    " clock.advance(); or ask for the stock of now with as_of_now=True."
)


class NotSettledError(Exception):
    """What was accepted has not been applied, or not in time; the message says how much."""


class WorldAssertions:
    """Each raises AssertionError with what happened, unless it holds."""

    def __init__(self, calls: ControlCalls, catalogue: str) -> None:
        self._calls = calls
        self.catalogue = catalogue
        """The inventory catalogue that is meant where none is named."""

    def verify(self, *expectations: Mapping[str, object]) -> dict[str, Any]:
        """Hold expectations, as `/__admin/verify` has them, against what was seen.

        An operation may be named in one word, as `event`.

        Raises AssertionError with what came closest unless each has come about.
        """
        __tracebackhide__ = True
        told = verified(self._calls, [in_fluents_names(each) for each in expectations])
        _hold(verdict_note(told))
        return told

    def assert_on_hand(
        self,
        expected: Mapping[tuple[str, str], int | None],
        *,
        catalogue: str = "",
        as_of_now: bool = False,
    ) -> None:
        """The stock on hand is so once what is due is applied; None is no position at all.

        It does not hold while a settling or a fault keeps something for later, unless `as_of_now`.
        """
        __tracebackhide__ = True
        kept = self._kept_for_later()
        note = on_hand_note(self._calls, expected, catalogue or self.catalogue)
        _hold(_with_what_is_kept(note, "" if as_of_now else kept))

    def assert_exactly_once(self) -> None:
        """Every delta was applied once, and none sent again under a new deltaId."""
        __tracebackhide__ = True
        _hold(exactly_once_note(self._calls, self.catalogue))

    def assert_conformant(
        self,
        ignore: str | Iterable[str] = (),
        *,
        fail_on: Literal["error", "warning"] = "error",
    ) -> None:
        """The connector has broken no rule of the contract but those, named by their ids."""
        __tracebackhide__ = True
        ignored = [ignore] if isinstance(ignore, str) else list(ignore)
        _hold(conformance_note(self._calls, ignored, fail_on))

    def assert_polled_to_complete(self) -> None:
        """Every batch was asked for until it was COMPLETE."""
        __tracebackhide__ = True
        _hold(polled_note(self._calls))

    def assert_reconciled(
        self,
        believed: str | Path | Mapping[tuple[str, str], int],
        *,
        catalogue: str = "",
        complete: bool = True,
        as_of_now: bool = False,
    ) -> None:
        """What a source system believes is so: its stock, or the deltas that it meant to send.

        As a mapping, or as CSV or NDJSON, in a text or in a file. Where `complete`, the simulator
        is to have nothing else. It does not hold while a settling or a fault keeps something for
        later, unless `as_of_now`.
        """
        __tracebackhide__ = True
        kept = self._kept_for_later()
        named = catalogue or self.catalogue
        note = reconciliation_note(self._calls, believed, named, complete=complete)
        _hold(_with_what_is_kept(note, "" if as_of_now else kept))

    def _kept_for_later(self) -> str:
        """Wait for what is due; what is kept then, in words."""
        return kept_work(self._settle(SECONDS_TO_SETTLE, units=0))

    def _settle(self, within: int, *, units: int | None = None) -> dict[str, Any]:
        """Have `units` applied of what is held back, all without; what is left then."""
        some = "" if units is None else f"&units={units}"
        told = self._calls.document("POST", f"/__admin/settle?wait={within}{some}")
        left = {**told["waiting"], "requests that faults hold up": told["delayedRequests"]}
        waiting = [f"{count:,} {what}" for what, count in left.items() if count]
        if waiting:
            raise NotSettledError(f"{' and '.join(waiting)} were not applied within {within} s")
        return told


def _with_what_is_kept(note: str, kept: str) -> str:
    """A note, and that what it is about may change yet."""
    if not kept:
        return note
    if note:
        return f"{note}\nThis may change yet: {kept}."
    return f"This is so now, and may change yet: {kept}. {HOW_TO_GO_ON}"


def _hold(note: str) -> None:
    __tracebackhide__ = True
    if note:
        raise AssertionError(note)
