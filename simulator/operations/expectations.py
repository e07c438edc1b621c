"""What is expected of the requests that were seen, as it is written, and what cannot be."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from ..domain.verification.counts import Count
from ..errors import Fault, shortened
from .request_filter import RequestFilter
from .stock_expectations import StockExpectation

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "requests": ("exactly", "atLeast", "atMost", "never"),
    "inOrder": ("withinMilliseconds",),
    "together": ("withinMilliseconds",),
    "position": ("catalogueRef", "endsAt", "reached", "neverBelow"),
    "effect": (),
}
"""What an expectation may be about, each with what may stand beside it."""
MOST_FILTERS = 100
"""Of all expectations together: each request that is kept is held against every one of them."""


class Expectation(NamedTuple):
    """One thing that is expected; what it is about decides which of the others are set."""

    name: str
    about: str
    filters: tuple[RequestFilter, ...] = ()
    wanted: Count = Count()
    within: int | None = None
    effect: str = ""
    stock: StockExpectation | None = None


def read_expectations(fields: Mapping[str, Any]) -> tuple[list[Expectation], list[Fault]]:
    """The expectations of a document that its schema holds for, and what does not fit together."""
    expectations: list[Expectation] = []
    faults: list[Fault] = []
    for index, written in enumerate(fields["expectations"]):
        place = f"/expectations/{index}"
        about = _subject(written, place, faults)
        if about is not None:
            expectations.append(_read(written, about, place, faults))
    filters = sum(len(each.filters) for each in expectations)
    if filters > MOST_FILTERS:
        expected = f"at most {MOST_FILTERS} filters in all of them"
        faults.append(Fault("/expectations", f"{filters} filters", expected))
    return expectations, faults


def _subject(written: Mapping[str, Any], place: str, faults: list[Fault]) -> str | None:
    """What one is about; None, and a fault, where it is about nothing or about several things."""
    subjects = [name for name in SUBJECTS if name in written]
    if len(subjects) != 1:
        expected = f"exactly one of {', '.join(SUBJECTS)}"
        faults.append(Fault(place, " and ".join(subjects) or "none of them", expected))
        return None
    about = subjects[0]
    known = ("name", about, *SUBJECTS[about])
    for name in written:
        if name not in known:
            expected = f"no field but {', '.join(known)} (it is about {about})"
            faults.append(Fault(f"{place}/{name}", _shown(written[name]), expected))
    return about


def _read(written: Mapping[str, Any], about: str, place: str, faults: list[Fault]) -> Expectation:
    name = written.get("name") or _named(about, written)
    if about == "effect":
        return Expectation(name, about, effect=written[about])
    if about == "position":
        return Expectation(name, about, stock=_stock(written, place, faults))
    if about == "requests":
        filters = [_filter(written[about], f"{place}/{about}/", faults)]
        return Expectation(name, about, tuple(filters), _count(written, place, faults))
    filters = [
        _filter(each, f"{place}/{about}/{step}/", faults)
        for step, each in enumerate(written[about])
    ]
    within = written.get("withinMilliseconds")
    if about == "together" and within is None:
        expected = "whole milliseconds, zero or more"
        faults.append(Fault(f"{place}/withinMilliseconds", "nothing", expected, missing=True))
    return Expectation(name, about, tuple(filters), within=within)


def _filter(fields: Mapping[str, Any], under: str, faults: list[Fault]) -> RequestFilter:
    texts = {name: str(value) for name, value in fields.items()}
    wanted, wrong = RequestFilter.checked(texts, under)
    faults += wrong
    return wanted


def _stock(written: Mapping[str, Any], place: str, faults: list[Fault]) -> StockExpectation:
    levels = [written.get(name) for name in ("endsAt", "reached", "neverBelow")]
    if all(level is None for level in levels):
        expected = "at least one of endsAt, reached and neverBelow"
        faults.append(Fault(place, "none of them", expected))
    return StockExpectation(written["position"], written.get("catalogueRef", ""), *levels)


def _count(written: Mapping[str, Any], place: str, faults: list[Fault]) -> Count:
    given = [name for name in SUBJECTS["requests"] if name in written]
    if not given or (len(given) > 1 and set(given) != {"atLeast", "atMost"}):
        expected = "one of exactly, atLeast, atMost and never, or atLeast with atMost"
        faults.append(Fault(place, " and ".join(given) or "none of them", expected))
        return Count()
    if "never" in written:
        return Count(0, 0)
    if "exactly" in written:
        return Count(written["exactly"], written["exactly"])
    count = Count(written.get("atLeast", 0), written.get("atMost"))
    if count.most is not None and count.least > count.most:
        expected = f"at least what /atLeast has, {count.least}"
        faults.append(Fault(f"{place}/atMost", str(count.most), expected))
    return count


def _named(about: str, written: Mapping[str, Any]) -> str:
    """What an expectation without a name is told as."""
    if about == "effect":
        return str(written[about])
    rest = {name: written[name] for name in written if name != about}
    return f"{about} {_shown(written[about])} {_shown(rest) if rest else ''}".strip()


def _shown(value: object) -> str:
    return shortened(orjson.dumps(value).decode())
