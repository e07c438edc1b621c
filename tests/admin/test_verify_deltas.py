"""Whether every delta was applied exactly once is judged by the ledger, and never guessed."""

import orjson
import pytest

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record

EVENT = "/api/v4.1/event/async"
PLACE = ("D45", "LOC_MEL")
EFFECT = "everyDeltaAppliedExactlyOnce"
ONCE = "applied exactly once"


@pytest.fixture
def stocked(client: Client) -> Client:
    """Request 1 signs in, 2 makes a job, 3 a batch."""
    client.load([record(*PLACE, 100)])
    return client


def accumulating(make_simulator: MakeSimulator) -> Client:
    client = Client(make_simulator(delta_duplicate="accumulate"))
    client.load([record(*PLACE, 100)])
    return client


def send(client: Client, *sent: tuple[str | None, int], **more: object) -> None:
    entries = []
    for delta_id, amount in sent:
        entry = delta(*PLACE, amount, delta_id or "")
        if delta_id is None:
            del entry["deltaId"]
        entries.append(entry)
    client.post(EVENT, deltas(*entries, **more))


def judged(client: Client) -> Document:
    expected = {"expectations": [{"effect": EFFECT}]}
    reply = client.http.post("/__admin/verify", json=expected)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    [result] = reply.get_json()["results"]
    found: Document = result
    return found


def verdict(client: Client) -> tuple[object, object]:
    result = judged(client)
    return result["verdict"], result["reason"]


def near(client: Client) -> list[tuple[int | None, str, str]]:
    """The request of each near miss, its delta, and what was found."""
    found = []
    for miss in judged(client)["nearMisses"]:
        [difference] = miss["differences"]
        assert difference["expected"] == ONCE
        found.append((miss["request"], difference["field"], difference["found"]))
    return found


def test_deltas_that_were_each_applied_once_pass(stocked: Client) -> None:
    send(stocked, ("d1", -1), ("d2", -2))
    send(stocked, ("d3", -3))

    assert verdict(stocked) == ("passed", "3 deltas were each applied exactly once")


def test_a_repeat_that_was_suppressed_is_none_the_worse(stocked: Client) -> None:
    for _ in range(3):
        send(stocked, ("d1", -1))
    send(stocked, ("d2", -1))

    expected = "2 deltas were each applied exactly once, 1 of them sent again"
    assert verdict(stocked) == ("passed", expected)


def test_a_change_whose_reply_was_lost_and_that_came_again_under_another_id_was_applied_twice(
    stocked: Client,
) -> None:
    lost = {"kind": "status", "status": 429, "point": "after_commit", "match": {"nth": 1}}
    stocked.http.put("/__admin/faults", json={"rules": [lost]})
    send(stocked, ("d1", -1))
    send(stocked, ("d2", -1))
    send(stocked, ("d3", -1))

    reason = "1 of 3 deltas was applied again under another deltaId"
    assert verdict(stocked) == ("failed", reason)
    [miss] = judged(stocked)["nearMisses"]
    assert miss["request"] == 5
    [difference] = miss["differences"]
    assert difference == {
        "field": "delta d2",
        "expected": "one deltaId for one change",
        "found": "applied again what delta d1 had done, whose sender was never told so",
    }


def test_the_same_change_as_one_that_was_answered_in_the_end_is_another(stocked: Client) -> None:
    lost = {"kind": "status", "status": 503, "point": "after_commit", "match": {"nth": 1}}
    stocked.http.put("/__admin/faults", json={"rules": [lost]})
    for delta_id in ("d1", "d2", "d1"):
        send(stocked, (delta_id, -1))

    assert verdict(stocked)[0] == "passed"


def test_one_that_a_later_count_has_retired_was_applied_once(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    stocked.load([record(*PLACE, 50)], job=stocked.job(preprocessing="skip"))

    assert verdict(stocked)[0] == "passed"


def test_one_that_was_refused_and_then_mended_was_applied_once(stocked: Client) -> None:
    stocked.post(EVENT, deltas({**delta(*PLACE, 1, "d1"), "qty": "ten"}))
    assert verdict(stocked)[0] == "failed"

    send(stocked, ("d1", 10))
    assert verdict(stocked)[0] == "passed"


def test_repeats_that_add_up_are_told_with_the_request_that_doubled_it(
    make_simulator: MakeSimulator,
) -> None:
    client = accumulating(make_simulator)
    for delta_id in ("d1", "d2", "d1", "d1"):
        send(client, (delta_id, -1))
    result = judged(client)

    assert result["verdict"] == "failed"
    assert result["reason"] == "1 of 2 deltas was not applied exactly once"
    assert (result["requests"], result["requestsTotal"]) == ([4, 6, 7], 3)
    assert near(client) == [(6, "delta d1", "applied 3 times")]


def test_another_amount_under_the_same_id_is_told(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    send(stocked, ("d1", -2))

    assert verdict(stocked)[0] == "failed"
    assert near(stocked) == [(5, "delta d1", "taken in under 2 bodies")]


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (deltas(delta("NOWHERE", "LOC_MEL", 1, "d1")), "failed: "),
        (deltas({**delta(*PLACE, 1, "d1"), "qty": "ten"}), "never applied: "),
        (deltas(delta(*PLACE, 1, "d1"), entityRef="NONE:1"), "never applied"),
    ],
    ids=["no such position", "refused", "no such catalogue"],
)
def test_one_that_was_not_applied_is_told_with_the_reason(
    stocked: Client, sent: Document, found: str
) -> None:
    stocked.post(EVENT, sent)

    assert verdict(stocked) == ("failed", "the one delta was not applied exactly once")
    [(request, field, told)] = near(stocked)
    assert (request, field) == (4, "delta d1")
    assert told.startswith(found)


def test_what_a_reset_has_dropped_was_not_applied(stocked: Client) -> None:
    stocked.http.put("/__admin/settling", json={"mode": "manual"})
    send(stocked, ("d1", -1))
    assert verdict(stocked) == ("unknown", "1 deltas are not applied yet")

    stocked.http.post("/__admin/reset")
    assert near(stocked) == [(4, "delta d1", "failed: dropped by a reset, before a reset")]

    stocked.http.post("/__admin/reset?ledger=drop")
    assert verdict(stocked) == ("unknown", "no delta has arrived")


def test_one_whose_time_has_not_come_is_not_known_yet(stocked: Client) -> None:
    send(stocked, ("d1", -1), scheduledOn="2099-01-01T00:00:00.000Z")

    assert verdict(stocked) == ("unknown", "1 deltas are not applied yet")


def test_one_without_an_id_cannot_be_told_apart(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_missing_id="generate"))
    client.load([record(*PLACE, 100)])
    send(client, ("d1", -1), (None, -1))

    expected = "1 deltas came without a deltaId, which nothing tells apart"
    assert verdict(client) == ("unknown", expected)


def test_what_is_no_json_may_have_been_a_delta_and_another_event_is_none(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    stocked.post(EVENT, {"name": "UpdateInventoryQty"})
    assert verdict(stocked)[0] == "passed"

    stocked.post(EVENT, b'{"name": "INVENTORY_DELTA"')
    assert verdict(stocked) == ("unknown", "1 requests were refused and not looked into")


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator) -> Client:
    """Keeps two deltas."""
    limit(monkeypatch, "LEDGER", 2)
    return accumulating(make_simulator)


def test_what_was_dropped_is_never_taken_for_applied_once(forgetful: Client) -> None:
    for delta_id in ("d1", "d2", "d3"):
        send(forgetful, (delta_id, -1))

    expected = "1 older deltas are no longer kept, which would have to be looked at"
    assert verdict(forgetful) == ("unknown", expected)


def test_what_was_refused_may_have_been_applied_before_it_was_dropped(forgetful: Client) -> None:
    for delta_id in ("d1", "d2", "d3"):
        send(forgetful, (delta_id, -1))
    forgetful.post(EVENT, deltas({**delta(*PLACE, 1, "d1"), "qty": "ten"}))

    assert verdict(forgetful)[0] == "unknown"


def test_one_that_was_applied_twice_is_told_when_it_is_no_longer_kept(forgetful: Client) -> None:
    for delta_id in ("d1", "d1", "d2", "d3"):
        send(forgetful, (delta_id, -1))

    expected = "1 deltas that are no longer kept were not applied exactly once"
    assert verdict(forgetful) == ("failed", expected)


def test_a_repeat_of_what_was_applied_before_is_not_known(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    assert stocked.http.put("/__admin/snapshots/one", json={}).status_code == 201
    assert stocked.http.post("/__admin/snapshots/one/restore").status_code == 200
    send(stocked, ("d1", -1))
    stocked.load([record(*PLACE, 70)], job=stocked.job(preprocessing="skip"))

    expected = "1 deltas were applied before the ledger knew of them"
    assert verdict(stocked) == ("unknown", expected)


# -- without a token in force ----------------------------------------------------------------------

GONE = {"Authorization": "Bearer gone"}
NO_TOKEN = [
    None,
    {"kind": "token_refused"},
    {"kind": "token_expired"},
    {"kind": "status", "status": 401, "point": "connect"},
    {"kind": "status", "status": 401, "point": "authenticate"},
    {"kind": "status", "status": 401, "point": "before_accept"},
]
"""A token that is not in force, and faults that say so of one that is."""
CAME_AGAIN = {
    "nothing": ((), ["d1", "d2"]),
    "another change": ((("d3", -5),), ["d1", "d2"]),
    "the first": ((("d1", -1),), ["d2"]),
    "one under a new id": ((("d3", -1),), ["d2"]),
    "both": ((("d1", -1), ("d2", -1)), []),
    "both under new ids": ((("d3", -1), ("d4", -1)), []),
    "one as it was, one under a new id": ((("d2", -1), ("d3", -1)), []),
}
"""What was sent afterwards, and what is lost then."""


def turned_away(client: Client, rule: Document | None, *sent: tuple[str, int]) -> None:
    """Send each as an event that is answered 401."""
    if rule is not None:
        client.http.put("/__admin/faults", json={"rules": [rule]})
    for delta_id, amount in sent:
        event = deltas(delta(*PLACE, amount, delta_id))
        headers = GONE if rule is None else client.headers
        assert client.http.post(EVENT, json=event, headers=headers).status_code == 401
    client.http.delete("/__admin/faults")


@pytest.mark.parametrize("rule", NO_TOKEN, ids=str)
@pytest.mark.parametrize("came", CAME_AGAIN)
def test_what_was_turned_away_is_lost_unless_the_same_change_comes_in(
    stocked: Client, rule: Document | None, came: str
) -> None:
    again, missed = CAME_AGAIN[came]
    turned_away(stocked, rule, ("d1", -1), ("d2", -1))
    for each in again:
        send(stocked, each)

    assert [field for _, field, _ in near(stocked)] == [f"delta {each}" for each in missed]
    assert verdict(stocked)[0] == ("failed" if missed else "passed")


def test_what_was_answered_401_and_taken_in_all_the_same_is_not_lost_and_counts_twice_anew(
    stocked: Client,
) -> None:
    turned_away(stocked, {"kind": "status", "status": 401, "point": "after_commit"}, ("d1", -1))
    assert verdict(stocked)[0] == "passed"

    send(stocked, ("d2", -1))
    assert verdict(stocked) == ("failed", "1 of 2 deltas was applied again under another deltaId")


def test_a_new_delta_id_for_each_attempt_is_one_change_where_each_has_a_new_token(
    stocked: Client,
) -> None:
    for delta_id in ("d1", "d2"):
        turned_away(stocked, {"kind": "token_refused"}, (delta_id, -1))
        stocked.sign_in()
    send(stocked, ("d3", -1))

    assert verdict(stocked) == ("passed", "1 delta was applied exactly once")


def test_what_was_turned_away_is_told_with_what_was_not_done(stocked: Client) -> None:
    turned_away(stocked, None, ("d1", -1))

    found = (
        "never applied: Invalid user, Authorization header value does not belong to a valid user;"
        " not sent again with a token in force"
    )
    assert near(stocked) == [(4, "delta d1", found)]


def test_what_was_turned_away_and_is_no_json_may_have_been_a_delta(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    stocked.http.post(EVENT, data=b'{"name": "INVENTORY_DELTA"', headers=GONE)

    assert verdict(stocked) == ("unknown", "1 requests were refused and not looked into")


def test_what_was_declared_to_be_something_else_was_refused_and_is_known(stocked: Client) -> None:
    send(stocked, ("d1", -1))
    event = orjson.dumps(deltas(delta(*PLACE, -1, "d2")))
    headers = {**stocked.headers, "Content-Type": "text/plain"}
    assert stocked.http.post(EVENT, data=event, headers=headers).status_code == 415

    found = "never applied: The Content-Type is text/plain: expected application/json."
    assert near(stocked) == [(5, "delta d2", found)]

    send(stocked, ("d2", -1))
    assert verdict(stocked)[0] == "passed"
