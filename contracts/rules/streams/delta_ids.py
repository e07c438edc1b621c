"""Rules about deltaIds: each names one change, once and for all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..bounded_memory import Recent
from ..positions import StreamRule, changed, changed_name, event_catalogue, example_event
from ..rule import Event, Finding, Severity

MOST_IDS = 50_000
MOST_COUNTERS = 1_000
LONGEST_ID = 100
"""Longer ones do not fit a quantity's ref, which another rule says."""
_EVIDENCE = (
    "Fluent docs: CreateDeltaInventoryQuantities, 12 Aug 2025 (a quantity is created for each"
    " delta). Inferred: its ref is the deltaId, which is unique in the catalogue and never free"
    " again"
)
_DATE = re.compile(r"20\d\d([-_./]?)(?:0[1-9]|1[0-2])\1(?:[0-2]\d|3[01])")
_WORD = re.compile(r"[^\W_]")


class DeltaIdReused(StreamRule):
    """A deltaId that an earlier event used for something else.

    The same change under the same id is a retry, and fine; twice in one event is another rule's.
    Remembers the last 50,000 ids.
    """

    id = "FOMS-S004"
    title = "A deltaId is used again for another change"
    severity = Severity.ERROR
    reason = (
        "A deltaId names the quantity that the delta creates. The second one of the name fails, and"
        " with it its whole event; the first stays as it is."
    )
    evidence = _EVIDENCE
    hint = "Give each change an id of its own, and keep it when the change has to be sent again."
    sees = (Event,)
    good = (
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Event(example_event(("A2", "SKU_1", "LOC_1", -2))),
    )
    bad = (
        Event(example_event(("A1", "SKU_1", "LOC_1", -2))),
        Event(example_event(("A1", "SKU_1", "LOC_1", -5))),
    )

    def __init__(self) -> None:
        self._uses: Recent[int, tuple[int, int]] = Recent(MOST_IDS)

    def see(self, observation: Event) -> Iterable[Finding]:
        catalogue, uses = event_catalogue(observation), self._uses
        fresh: list[tuple[int, tuple[int, int]]] = []
        for index, position, delta_id, quantity in changed(observation):
            if type(delta_id) is not str:
                continue
            key, use = hash((catalogue, delta_id)), (position, quantity)
            before = uses.get(key)
            if before is None:
                fresh.append((key, use))
            elif before != use:
                elsewhere = before[0] != position
                earlier = "another position" if elsewhere else f"a change of {before[1]:+}"
                yield self.finding(
                    f"/attributes/deltas/{index}/deltaId",
                    f"{delta_id[:80]} for a change of {quantity:+} of"
                    f" {changed_name(observation, index)}; before it was {earlier}",
                    "an id that no other change has had",
                )
        for key, use in fresh:
            uses.put(key, use)


class DeltaIdNotUnique(StreamRule):
    """A deltaId made of nothing but its position, or of a date with or without it.

    Told from one id alone; remembers nothing. Dates of digits only are left alone, for a counter
    may pass through them. One finding an event.
    """

    id = "FOMS-S005"
    title = "A deltaId is made of its position or of a date"
    severity = Severity.WARNING
    reason = (
        "The second change of the position, or of the day, gets the id of the first, and fails."
    )
    evidence = _EVIDENCE
    hint = "Use the id of what caused the change, such as the sale's line, or a UUID."
    sees = (Event,)
    good = (
        Event(example_event(("POS7:2026-02-01:000123", "SKU_1", "LOC_1", -2))),
        Event(example_event(("SKU_1:LOC_1:2026-02-01T10:15:00.123Z", "SKU_1", "LOC_1", -2))),
    )
    bad = (Event(example_event(("SKU_1:LOC_1:2026-02-01", "SKU_1", "LOC_1", -2))),)

    def see(self, observation: Event) -> Iterable[Finding]:
        for index, _, delta_id, _ in changed(observation):
            if type(delta_id) is not str or not 6 <= len(delta_id) <= LONGEST_ID:
                continue
            delta = observation.deltas[index]
            made_of = _made_of(delta_id, delta["productRef"], delta["locationRef"])
            if made_of:
                yield self.finding(
                    f"/attributes/deltas/{index}/deltaId",
                    f"{delta_id}, which is {made_of}",
                    "an id that no other change will ever have",
                )
                return


class DeltaIdCounterRestarts(StreamRule):
    """Ids that end in a counter which begins again.

    A counter is what follows the last non-digit. It has begun again when 1, 2, 3 (or 0, 1, 2) come
    one after the other although it had passed 20; single old numbers are retries. Remembers 1,000
    counters, told apart by what stands before them.
    """

    id = "FOMS-S006"
    title = "A counter of deltaIds begins again"
    severity = Severity.ERROR
    reason = (
        "A deltaId stays taken, also after a count has retired its delta. From the restart on the"
        " deltas fail, one after the other."
    )
    evidence = _EVIDENCE
    hint = "Keep the counter where it survives a restart, or use a UUID."
    sees = (Event,)
    good = tuple(
        Event(example_event((f"POS7-{number}", "SKU_1", "LOC_1", -1))) for number in range(1, 25)
    )
    bad = tuple(
        Event(example_event((f"POS7-{number}", "SKU_1", "LOC_1", -1)))
        for number in (*range(1, 22), 1, 2, 3)
    )

    def __init__(self) -> None:
        # highest and last number, and how many came one after the other since the restart
        self._counters: Recent[int, tuple[int, int, int]] = Recent(MOST_COUNTERS)

    def see(self, observation: Event) -> Iterable[Finding]:
        catalogue, counters = event_catalogue(observation), self._counters
        for index, _, delta_id, _ in changed(observation):
            if type(delta_id) is not str or len(delta_id) > LONGEST_ID:
                continue
            prefix = delta_id.rstrip("0123456789")
            digits = delta_id[len(prefix) :]
            if not 0 < len(digits) <= 15:
                continue
            number, key = int(digits), hash((catalogue, prefix))
            highest, last, run = counters.get(key) or (number, number, 0)
            if number >= highest:
                highest, run = number, 0
            elif highest < 20:
                run = 0
            elif number != last:
                run = run + 1 if run and number == last + 1 else int(number <= 1)
            if run == 3:
                yield self.finding(
                    f"/attributes/deltas/{index}/deltaId",
                    f"{number - 2}, {number - 1}, {number} after {prefix}{highest}",
                    "numbers that go on where they were",
                )
                highest, run = number, 0
            counters.put(key, (highest, number, run))


def _made_of(delta_id: str, product: str, location: str) -> str:
    """What an id is made of, when it is not unique; empty when it may be."""
    if product and product in delta_id:
        rest = delta_id.replace(product, "", 1)
        if not location or location not in rest:
            return ""
        rest = rest.replace(location, "", 1).replace("DELTA", "", 1)
        undated = _DATE.sub("", rest, 1)
        # Short refs may be numbers, and turn up in a counter by chance.
        if len(product) + len(location) < 6 or _WORD.search(undated):
            return ""
        return "its position alone" if undated == rest else "its position and a date"
    if len(delta_id) == 10 and not delta_id.isdigit() and _DATE.fullmatch(delta_id):
        return "a date alone"
    return ""
