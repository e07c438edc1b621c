"""Positions are found by what a person remembers of their refs, and tell how their stock came."""

from typing import Any
from urllib.parse import quote

import pytest
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.search import text_search

from ..api.helpers.replies import refusals
from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record


def page(client: Client, **query: str) -> Document:
    reply = client.http.get("/__admin/positions", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    body: Document = reply.get_json()
    return body


def refs(client: Client, **query: str) -> list[str]:
    return [row["ref"].removesuffix(":DEFAULT") for row in page(client, **query)["results"]]


def shown(client: Client, ref: str, **query: str) -> Any:
    path = f"/__admin/positions/{quote(ref, safe='')}"
    return client.http.get(path, query_string={"changes": "true", **query}).get_json()


@pytest.fixture
def stocked(client: Client) -> Client:
    places = ("D45", "LOC_MEL"), ("D45", "LOC_SYD"), ("XD45", "LOC_MEL"), ("D451", "MELTON")
    client.load([record(product, place, 10) for product, place in (*places, ("ÄÖ:%", "L:1"))])
    return client


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("D45:LOC_SYD:DEFAULT", ["D45:LOC_SYD"]),
        ("D45", ["D45:LOC_MEL", "D45:LOC_SYD", "D451:MELTON", "XD45:LOC_MEL"]),
        ("d45 syd", ["D45:LOC_SYD"]),
        ("mel", ["D451:MELTON", "D45:LOC_MEL", "XD45:LOC_MEL"]),
        ("mel x", ["XD45:LOC_MEL"]),
        ("äö", ["ÄÖ:%:L:1"]),
        ("%", ["ÄÖ:%:L:1"]),
        ("D45 NOWHERE", []),
        ("<b>", []),
    ],
)
def test_what_fits_best_comes_first(stocked: Client, text: str, found: list[str]) -> None:
    told = page(stocked, text=text)

    assert [row["ref"].removesuffix(":DEFAULT") for row in told["results"]] == found
    assert told["total"] is None
    assert told["looked"]["isWhole"]


def test_what_is_found_is_paged(stocked: Client) -> None:
    whole = refs(stocked, text="mel")
    pages = [page(stocked, text="mel", start=str(start), count="1") for start in range(4)]

    assert [row["ref"] for each in pages for row in each["results"]] == [
        f"{ref}:DEFAULT" for ref in whole
    ]
    assert [each["hasMore"] for each in pages] == [True, True, False, False]


@pytest.mark.parametrize(("bound", "most"), [("MOST_REFS", 2), ("MOST_NAMED", 1), ("MOST_ROWS", 1)])
def test_what_was_not_looked_at_is_not_hidden(
    stocked: Client, monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(text_search, bound, most)

    assert not page(stocked, text="d45")["looked"]["isWhole"]
    assert refs(stocked, text="D451")[0] == "D451:MELTON", "a whole ref is found in any case"


def test_a_text_goes_with_no_other_ref(stocked: Client) -> None:
    reply = stocked.http.get("/__admin/positions?text=a&productRef=D45")

    assert reply.status_code == 400
    [(_, message)] = refusals(reply)
    assert "expected none" in message


def test_without_their_quantities_they_are_the_same_positions(stocked: Client) -> None:
    stocked.delta("D45", "LOC_MEL", -3, "d1")
    for query in ({}, {"text": "mel"}, {"asOf": "2099-01-01"}, {"start": "1", "count": "2"}):
        whole = page(stocked, **query)
        brief = page(stocked, quantities="false", **query)

        for row in whole["results"]:
            del row["quantities"], row["quantitiesTotal"]
        assert brief == whole


def test_each_change_names_its_request_and_its_cause(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    client.http.post("/__admin/seed", json={"entities": [record("D45", "LOC_MEL", 7)]})
    for send in (
        lambda: client.load([record("D46", "LOC_MEL", 1), record("D45", "LOC_MEL", 100)]),
        lambda: client.send(
            deltas(delta("D46", "LOC_MEL", 1, "d0"), delta("D45", "LOC_MEL", -10, "d1"))
        ),
        lambda: client.reserve("D45", "LOC_MEL", 4, "F1"),
    ):
        clock.advance(1_000)
        send()
    numbers = {
        seen["operation"] + seen["outcome"].get("event", ""): seen["id"]
        for seen in client.http.get("/__admin/requests?count=1000").get_json()["results"]
    }

    told = shown(client, "D45:LOC_MEL:DEFAULT")

    seed, count, sale, reserved = told["changes"]
    assert [(each["before"], each["after"]) for each in told["changes"]] == [
        (0, 7),
        (7, 100),
        (100, 90),
        (90, 86),
    ]
    assert (seed["cause"], seed["request"], seed["line"]) == ("seed", None, 0)
    assert (count["cause"], count["batch"], count["line"]) == ("batch", "1", 1)
    assert count["request"] == numbers["createBatch"]
    assert (sale["cause"], sale["line"]) == ("delta", 1)
    assert sale["request"] == numbers["sendEvent" + sale["event"]]
    assert reserved["cause"] == "fulfilment"
    assert (told["changesTotal"], told["knownAfter"], told["why"]) == (4, None, None)


def test_where_the_history_does_not_reach_back_it_says_so(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    limit(monkeypatch, "HISTORY", 2)
    client = Client(make_simulator(clock=clock))
    for number in range(5):
        client.load([record("D45", "LOC_MEL", 100 + number)])
        clock.advance(1_000)

    told = shown(client, "D45:LOC_MEL:DEFAULT")

    assert told["changes"][-1]["after"] == 104
    assert told["knownAfter"] is not None
    assert "is known after" in told["why"]


def test_the_request_of_a_change_is_found_among_many_whenever_it_was_applied(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(clock=clock))
    client.load([record("D45", "LOC_MEL", 100)])
    client.http.put("/__admin/settling", json={"mode": "manual"})
    client.post("/api/v4.1/event/async", deltas(delta("D45", "LOC_MEL", -10, "d1")))
    number = client.http.get("/__admin/requests").get_json()["newest"]
    for _ in range(1_200):
        clock.advance(1_000)
        client.get("/api/v4.1/event/none")
    client.http.post("/__admin/settle", json={})

    assert shown(client, "D45:LOC_MEL:DEFAULT")["changes"][-1]["request"] == number


def test_after_a_reset_a_batch_is_not_taken_for_that_of_before(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100)])
    client.http.post("/__admin/reset")
    client.load([record("D45", "LOC_MEL", 50)], job=client.job())
    newest = next(
        seen["id"]
        for seen in client.http.get("/__admin/requests?operation=createBatch").get_json()["results"]
    )

    [change] = shown(client, "D45:LOC_MEL:DEFAULT")["changes"]

    assert (change["batch"], change["request"]) == ("1", newest)


def test_only_so_many_changes_are_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fluent_oms_simulator.operations.past_stock.MOST_CHANGES", 2)
    client.load([record("D45", "LOC_MEL", 100)])
    for number in range(3):
        client.delta("D45", "LOC_MEL", -1, f"d{number}")

    told = shown(client, "D45:LOC_MEL:DEFAULT")

    assert [each["after"] for each in told["changes"]] == [98, 97]
    assert told["changesTotal"] == 4
