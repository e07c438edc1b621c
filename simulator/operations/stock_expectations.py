"""What the stock on hand of a position should have been: judged from all that it was."""

from typing import NamedTuple

from ..clock import timestamp
from ..domain.account.ports import CatalogueStore
from ..domain.verification.stock_levels import Level, Levels, levels_of
from ..domain.verification.verdicts import Difference, Judged, Judgement, NearMiss, overall
from ..errors import Fault, refused


class StockExpectation(NamedTuple):
    """What is expected of a position; None for what is not."""

    position: str
    catalogue: str = ""
    ends_at: int | None = None
    reached: int | None = None
    never_below: int | None = None


def judge_stock(
    expected: StockExpectation, store: CatalogueStore, place: str, waiting: str
) -> Judgement:
    """The verdict on one position; `waiting` tells what may change it yet, and is empty if nothing.

    Raises ApiError (400), with the pointer `place`, when several catalogues have such a position.
    """
    levels = _levels(expected, store, place, is_settled=not waiting)
    if levels is None:
        difference = Difference("position", expected.position, "none of this ref")
        verdict = Judged.UNKNOWN if waiting else Judged.FAILED
        near = [] if waiting else [NearMiss(None, (difference,))]
        return Judgement(verdict, _sentence(["there is no such position"], waiting), (), near)
    verdicts: list[Judged] = []
    told: list[str] = []
    differences: list[Difference] = []
    for verdict, wanted, found in _each(expected, levels):
        verdicts.append(verdict)
        told.append(f"expected {wanted}, found {_shown(found)}")
        if verdict is Judged.FAILED:
            differences.append(Difference("onHand", wanted, _shown(found)))
    if Judged.UNKNOWN in verdicts and not levels.is_whole:
        told.append("not all that it has been is still known")
    near = [NearMiss(None, differences)] if differences else []
    return Judgement(overall(verdicts), _sentence(told, waiting), (), near)


def _each(expected: StockExpectation, levels: Levels) -> list[tuple[Judged, str, Level]]:
    """A verdict on each thing that is expected, it in words, and what was found instead."""
    judged = []
    if expected.ends_at is not None:
        wanted = f"{expected.ends_at:,} in the end"
        judged.append((levels.ends_at(expected.ends_at), wanted, levels.now))
    if expected.reached is not None:
        wanted = f"{expected.reached:,} at some time"
        found = levels.closest(expected.reached)
        judged.append((levels.reached(expected.reached), wanted, found))
    if expected.never_below is not None:
        wanted = f"never below {expected.never_below:,}"
        judged.append((levels.never_below(expected.never_below), wanted, levels.lowest()))
    return judged


def _levels(
    expected: StockExpectation, store: CatalogueStore, place: str, *, is_settled: bool
) -> Levels | None:
    """What the position has been; None where there is none."""
    found: dict[str, Levels] = {}
    with store.view() as (account, _):
        for ref, catalogue in account.catalogues.items():
            number = catalogue.find_by_ref(expected.position)
            if number is None or expected.catalogue not in ("", ref):
                continue
            past = catalogue.past_of_on_hand([number])[number]
            found[ref] = levels_of(
                past.changes,
                catalogue.on_hand(number),
                catalogue.positions.created_at[number],
                is_whole=past.is_whole,
                is_settled=is_settled,
            )
    if len(found) > 1:
        wanted = f"one of {', '.join(found)}"
        raise refused([Fault(f"{place}/catalogueRef", "nothing", wanted, missing=True)])
    return next(iter(found.values()), None)


def _shown(level: Level) -> str:
    return f"{level.on_hand:,} (since {timestamp(level.at)})"


def _sentence(told: list[str], waiting: str) -> str:
    return "; ".join([*told, waiting] if waiting else told)
