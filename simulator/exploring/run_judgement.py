"""What a disturbed run did to the stock that the undisturbed one did not; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

MOST_TOLD = 5
"""Positions and deltas that are told one by one."""
MOST_IN_A_TEST = 20
"""Positions that a test of a finding looks at."""

Place = tuple[str, str, str]
"""Catalogue, product, location."""


class NotExploredError(Exception):
    """Why nothing can be found out, as a sentence."""


class Breaks(StrEnum):
    """What a schedule makes a connector do."""

    LOSES = "loses stock"
    DOUBLES = "doubles stock"
    REORDERS = "reorders stock"
    UNPOLLED = "leaves a batch unpolled"
    ENDLESS = "never ends"
    UNEXPECTED = "does not send what was expected"


class Effect(NamedTuple):
    """What one accepted line does to a position."""

    place: Place
    type: str
    amount: int | None

    @property
    def words(self) -> str:
        """As it is told."""
        return self.type if self.amount is None else f"{self.type} of {self.amount:+,}"


class ObservedRun(NamedTuple):
    """What there is to see in a world once a run is over."""

    stock: Mapping[Place, int]
    effects: Counter[Effect]
    """What has been applied, and how often."""
    doubled: Mapping[str, str]
    """By deltaId: what was applied more than once, or under several bodies."""
    unpolled: str
    """Why not every batch was polled until it was COMPLETE; empty where all were."""
    unexpected: Sequence[str]
    """What a list of expected deltas or stock is not met in; empty without such a list."""
    requests: Sequence[Mapping[str, Any]]
    """In the order in which they were answered."""
    struck: frozenset[str]
    """The ids of the fault rules that have struck."""
    before: Mapping[Place, int] = {}
    """The stock before the run, where it was looked at."""


class TouchedStock(NamedTuple):
    """The stock on hand of a position before a run, and after it where nothing goes wrong."""

    product: str
    location: str
    before: int | None
    after: int


class Complaint(NamedTuple):
    """One thing that is wrong, and how that is seen."""

    breaks: Breaks
    why: str


def complaints(
    run: ObservedRun, undisturbed: ObservedRun | None, *, has_ended: bool, within: float | None
) -> Sequence[Complaint]:
    """All that is wrong with a run; without an undisturbed one, only what is wrong in itself."""
    found: list[Complaint] = []
    if not has_ended:
        found.append(Complaint(Breaks.ENDLESS, f"after {within or 0:,.0f} s it had not ended"))
    if undisturbed is not None:
        found += _of_stock(run, undisturbed)
    if run.doubled and not any(each.breaks is Breaks.DOUBLES for each in found):
        told = [f"delta {name} {what}" for name, what in run.doubled.items()]
        found.append(Complaint(Breaks.DOUBLES, _some(told)))
    if run.unpolled:
        found.append(Complaint(Breaks.UNPOLLED, run.unpolled))
    if run.unexpected and not any(each.breaks in _OF_STOCK for each in found):
        found.append(Complaint(Breaks.UNEXPECTED, _some(run.unexpected)))
    return found


def levels(undisturbed: ObservedRun) -> Sequence[TouchedStock]:
    """Of the positions that a connector writes to, the first ones."""
    written = sorted({effect.place for effect in undisturbed.effects})
    return [
        TouchedStock(place[1], place[2], undisturbed.before.get(place), undisturbed.stock[place])
        for place in written
        if place in undisturbed.stock
    ][:MOST_IN_A_TEST]


_OF_STOCK = (Breaks.LOSES, Breaks.DOUBLES, Breaks.REORDERS)


def _of_stock(run: ObservedRun, undisturbed: ObservedRun) -> Iterator[Complaint]:
    """Each position that ends otherwise: with less done to it, with more, or in another order."""
    told: dict[Breaks, list[str]] = {}
    for place in sorted(run.stock.keys() | undisturbed.stock.keys()):
        found, expected = run.stock.get(place), undisturbed.stock.get(place)
        if found == expected:
            continue
        lacking = _at(undisturbed.effects - run.effects, place)
        more = _at(run.effects - undisturbed.effects, place)
        ends = "is not there" if found is None else f"ends at {found:,}"
        wanted = "not to be there" if expected is None else f"{expected:,}"
        sentence = f"{place[1]} at {place[2]} {ends}, expected {wanted}"
        if more:
            told.setdefault(Breaks.DOUBLES, []).append(f"{sentence} (too many: {_said(more)})")
        if lacking:
            told.setdefault(Breaks.LOSES, []).append(f"{sentence} (missing: {_said(lacking)})")
        if not (more or lacking):
            reason = "all was applied, in another order"
            told.setdefault(Breaks.REORDERS, []).append(f"{sentence} ({reason})")
    for breaks, sentences in told.items():
        yield Complaint(breaks, _some(sentences))


def _at(effects: Counter[Effect], place: Place) -> Counter[Effect]:
    return Counter({each: times for each, times in effects.items() if each.place == place})


def _said(effects: Counter[Effect]) -> str:
    told = [
        effect.words if times == 1 else f"{times:,} times {effect.words}"
        for effect, times in effects.items()
    ]
    return _some(told, ", ")


def _some(sentences: Sequence[str], between: str = "; ") -> str:
    more = len(sentences) - MOST_TOLD
    return between.join(sentences[:MOST_TOLD]) + (f"{between}and {more:,} more" if more > 0 else "")
