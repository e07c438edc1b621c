"""Rules about what came of an event or a batch after the reply that it was taken."""

from __future__ import annotations

from collections.abc import Iterable

from ..rule import Aftermath, Finding, Rule, Severity

_EVIDENCE = (
    "Fluent docs: inventory batches, 3 Feb 2025 (COMPLETE, with or without errors); using the Event"
    " API, 13 Dec 2023; REST API error codes overview, 26 May 2025 (FAILED, NO_MATCH)"
)


class FailedAfterwards(Rule):
    """Records of a batch, or an event, that failed after they were taken.

    Told once for each batch, with the first of its records. In a report a record that another rule
    finds an error in is told by that rule.
    """

    id = "FOMS-O015"
    title = "What was accepted has failed"
    severity = Severity.ERROR
    reason = (
        "A reply of 200 says that it was taken, and no more. What fails afterwards is not stored,"
        " and only the batch's results and the event log tell."
    )
    evidence = _EVIDENCE
    hint = "Mend what is told and send it again; look at results and event statuses as you send."
    sees = (Aftermath,)
    good = (Aftermath(),)
    bad = (Aftermath({"/entities/1": "the quantity ref PO_7 already belongs to position A:L"}),)

    def see(self, observation: Aftermath) -> Iterable[Finding]:
        """The first place at which something failed, and how many did."""
        failed = observation.failed
        if failed:
            pointer, reason = next(iter(failed.items()))
            more = len(failed) - 1
            also = f"; and so did {more:,} record{'s' if more > 1 else ''} more" if more else ""
            yield self.finding(pointer, f"it failed: {reason}{also}", "what can be applied")


class UnmatchedAfterwards(Rule):
    """An event, or a batch, that no ruleset or no entity matches."""

    id = "FOMS-O016"
    title = "What was accepted matches nothing"
    severity = Severity.WARNING
    reason = (
        "A reply of 200 says that it was taken, and no more. Without a ruleset of its name for its"
        " entity it has no effect; an account's own workflow may have one."
    )
    evidence = _EVIDENCE
    hint = "Compare name, entity and status with the workflow, letter by letter."
    sees = (Aftermath,)
    good = (Aftermath(),)
    bad = (Aftermath(unmatched="no ruleset is named 'StockCounted'"),)

    def see(self, observation: Aftermath) -> Iterable[Finding]:
        """Why nothing matches."""
        if observation.unmatched:
            found = f"it came to nothing: {observation.unmatched}"
            yield self.finding("", found, "a ruleset that matches")
