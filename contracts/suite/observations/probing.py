"""How an open point is asked about: send something harmless, see what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fluent_oms_simulator.client.fluent_api import Api
from fluent_oms_simulator.contracts.suite.semantic.position import Position

REFUSED = 400


def meaning(seen: object, values: Mapping[object, str]) -> str:
    """The value of a switch that something seen stands for; else what was seen, as text."""
    return values.get(seen, str(seen))


def outcome(api: Api, document: Mapping[str, object]) -> object:
    """How an event ended by the log, or the HTTP status that refused it."""
    answer = api.send_event(document)
    if answer.status != 200:
        return answer.status
    return api.wait_for_event(str(answer.document["id"]))["eventStatus"]


def is_taken(
    api: Api, position: Position, record: Mapping[str, object], **envelope: object
) -> bool:
    """Whether a record comes to something: refused is refused, be it the batch or the record."""
    job = api.open_job("skip")
    answer = api.send_batch(job, [record], **envelope)
    if answer.status != 200:
        assert answer.status < 500, answer.text
        return False
    api.wait_for_batch(job, str(answer.document["id"]))
    return position.look() is not None


def largest(allowed: int, refused: int, is_allowed: Callable[[int], bool]) -> int:
    """The largest number that is allowed, between one that is and one that is not."""
    while refused - allowed > 1:
        middle = (allowed + refused) // 2
        if is_allowed(middle):
            allowed = middle
        else:
            refused = middle
    return allowed


def location(ref: str, api: Api) -> dict[str, object]:
    """All that createLocation needs."""
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = {f"{day}{end}": hour for day in days for end, hour in (("Start", 900), ("End", 1700))}
    return {
        "ref": ref,
        "type": "STORE",
        "name": ref,
        "primaryAddress": {"ref": f"{ref}-A", "latitude": -37.5, "longitude": 145.0},
        "openingSchedule": {"allHours": False, **hours},
        "retailer": {"id": api.target.retailer_id},
    }
