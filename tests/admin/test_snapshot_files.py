"""A snapshot goes into a file, and from there into a simulator that may be another one."""

import gzip
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.stores.snapshot_file import packing

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, limit, record
from .helpers.snapshot_lines import (
    GZIP,
    PATH,
    fill,
    go_on,
    lines_in,
    load,
    packed,
    reads,
    restore,
    saved,
)

KEPT = Path(__file__).parent / "helpers" / "snapshot-form-1.ndjson"
"""Written by version 0.1.0; every version that reads form 1 reads it right."""


@pytest.fixture
def filled(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    client = Client(make_simulator(clock=clock))
    fill(client)
    return client


@pytest.fixture
def other(make_simulator: MakeSimulator) -> Client:
    return Client(make_simulator(clock=VirtualClock(NOON + 5_000)))


@pytest.fixture(scope="module")
def file() -> Iterator[bytes]:
    """Of a simulator that has something of each kind."""
    simulator = build(Settings(seed_data="none"), clock=VirtualClock(NOON))
    simulator.start()
    client = Client(simulator)
    fill(client)
    yield saved(client)
    simulator.close()


def test_another_simulator_answers_as_the_first_and_goes_on_as_it_does(
    filled: Client, other: Client
) -> None:
    before = reads(filled)
    told = load(other, saved(filled))

    assert told.status_code == 201
    assert reads(other) != before  # it is kept, and nothing else
    restore(other)
    assert reads(other) == before

    for client in (filled, other):
        client.simulator.event_log._bits = random.Random(1).getrandbits
        go_on(client)
    assert reads(other) == reads(filled)
    assert lines_in(saved(other))[1:] == lines_in(saved(filled))[1:]


def test_a_count_that_came_with_details_is_a_quantity_like_any_other(
    make_simulator: MakeSimulator, clock: VirtualClock, other: Client
) -> None:
    """Only one that was a plain count is without a number."""
    client = Client(make_simulator(clock=clock))
    client.load([record("SKU_1", "LOC_1", -9, type="PURCHASE_ORDER")])
    client.load([record("SKU_1", "LOC_1", 4, attributes={"segment3": "x"})])
    client.delta("SKU_1", "LOC_1", 5, "d1")

    loaded = load(other, saved(client))
    assert loaded.status_code == 201, loaded.get_data(as_text=True)
    restore(other)

    assert reads(other) == reads(client)


def test_the_same_state_gives_the_same_file(filled: Client) -> None:
    assert saved(filled) == saved(filled)


def test_it_goes_into_a_namespace_and_leaves_the_world_without_a_name_alone(
    filled: Client,
) -> None:
    file, before = saved(filled), reads(filled)
    made = filled.http.put("/__admin/namespaces/orders", json={"seedData": "none"})
    assert made.status_code == 201
    place = "/__ns/orders/__admin"
    filled.load([record("SKU_1", "LOC_1", 1)])
    now = reads(filled)

    put = filled.http.put(f"{place}/snapshots/a/file", data=file, content_type=GZIP)
    assert put.status_code == 201
    assert filled.http.post(f"{place}/snapshots/a/restore").status_code == 200

    positions = filled.http.get(f"{place}/positions").get_json()["results"]
    assert [each["ref"] for each in positions] == [each["ref"] for each in before["positions"]]
    assert reads(filled) == now


def test_a_person_can_read_and_change_it(filled: Client, other: Client) -> None:
    text = gzip.decompress(saved(filled)).decode()
    changed = text.replace('"count":100,', '"count":70,')

    reply = other.http.put(
        f"{PATH}/a/file", data=changed.encode(), content_type="application/x-ndjson"
    )
    restore(other, "a")

    assert reply.status_code == 201
    assert other.on_hand("SKU_1", "LOC_1") == filled.on_hand("SKU_1", "LOC_1") - 30


def test_what_is_not_in_it_is_told_in_its_head_and_in_the_reply(
    filled: Client, other: Client
) -> None:
    file = saved(filled)
    head = lines_in(file)[0]

    assert "access tokens and credentials" in head["notInHere"]
    assert load(other, file).get_json()["notInTheFile"] == head["notInHere"]


def test_a_file_of_the_first_version_is_read_right(other: Client) -> None:
    lines = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]
    assert load(other, packed(lines)).status_code == 201
    restore(other)

    assert {each["ref"]: each["onHand"] for each in other.positions()} == {
        "SKU_1:LOC_1:DEFAULT": 189,
        "SKU_2:LOC_2:DEFAULT": 49,
        "SKU_3:LOC_1:DEFAULT": 0,
    }
    sale = other.position("SKU_1:LOC_1:DEFAULT")["quantities"][2]
    assert (sale["ref"], sale["quantity"], sale["status"]) == ("sale", -1, "ACTIVE")
    which = {"name": "INVENTORY_DELTA", "eventType": "ORCHESTRATION"}
    told = other.get("/api/v4.1/event", **which).get_json()["results"]
    assert [each["eventStatus"] for each in told] == ["SCHEDULED", "FAILED", "SUCCESS", "SUCCESS"]
    assert other.get("/api/v4.1/job/1/batch/2").get_json()["status"] == "COMPLETE"
    other.delta("SKU_1", "LOC_1", -1, "sale")
    assert other.on_hand("SKU_1", "LOC_1") == 189
    other.http.post("/__admin/clock/advance", json={"days": 1})
    assert other.on_hand("SKU_1", "LOC_1") == 196


def test_each_switch_gets_its_value_whatever_the_profile(make_simulator: MakeSimulator) -> None:
    first = Client(make_simulator(delta_duplicate="reject", event_order="oldest_first"))
    chosen = Settings(
        seed_data="none", profile="documented", behaviours={"delta.duplicate": "accumulate"}
    )
    second = Client(make_simulator(settings=chosen))
    assert load(second, saved(first)).status_code == 201
    restore(second)

    def values(client: Client) -> dict[str, str]:
        told = client.http.get("/__admin/behaviours").get_json()["behaviours"]
        return {each["name"]: each["value"] for each in told}

    assert values(second) == values(first)


def test_one_of_the_same_name_is_replaced_only_where_that_is_wanted(
    filled: Client, other: Client
) -> None:
    file = saved(filled)
    assert load(other, file).status_code == 201
    assert "There is a snapshot" in message(load(other, file), 409)
    assert "?replace" in message(load(other, file, replace="yes"), 400)
    assert load(other, file, replace="true").status_code == 201


def test_only_what_no_page_can_send_is_taken(filled: Client, other: Client) -> None:
    reply = other.http.put(f"{PATH}/a/file", data=saved(filled), content_type="text/plain")
    assert "application/gzip" in message(reply, 415)


def message(reply: Any, status: int) -> str:
    told = reply.get_json()
    assert reply.status_code == status, told
    return str(told["errors"][0]["message"])


# -- what cannot be read -----------------------------------------------------------------------

Change = Callable[[list[Document]], object]


def first(lines: list[Document], kind: str) -> Document:
    return next(line for line in lines if line.get("kind") == kind)


def last(lines: list[Document], kind: str) -> Document:
    return first(lines[::-1], kind)


def setting(kind: str, name: str, value: object) -> Change:
    """Another value in the first line of a kind."""
    return lambda lines: first(lines, kind).__setitem__(name, value)


CHANGES: dict[str, tuple[Change, str]] = {
    "no snapshot": (lambda lines: lines[0].pop("format"), "it is no snapshot"),
    "another format": (lambda lines: lines[0].update(format="x"), "it is no snapshot"),
    "a later form": (
        lambda lines: lines[0].update(version=2, program="7.1.0"),
        "version 7.1.0 of the program wrote it in form 2, and this one, ",
    ),
    "a clock before 1970": (
        lambda lines: lines[0]["clock"].update(now=-1, rate=60),
        "line 1 (head): at /clock/now expected int >= 0",
    ),
    "a clock that hardly goes": (
        lambda lines: lines[0]["clock"].update(rate=1e-9),
        "line 1 (head): at /clock/rate expected float >= 1e-06",
    ),
    "no clock": (lambda lines: lines[0].pop("clock"), "line 1 (head): object missing required"),
    "no account": (lambda lines: lines.remove(first(lines, "account")), "comes before the line"),
    "an account twice": (lambda lines: lines.insert(2, lines[1]), "line 3 (account): there is one"),
    "no end": (lambda lines: lines.pop(), "it is not whole"),
    "a line after the end": (lambda lines: lines.append(lines[1]), "it comes after the end"),
    "an unknown kind": (setting("job", "kind", "pickle"), "at /kind invalid value 'pickle'"),
    "an unknown field": (setting("job", "extra", 1), "object contains unknown field extra"),
    "a wrong type": (setting("position", "count", "5"), "at /count expected int | null, got str"),
    "a fraction": (setting("position", "count", 5.5), "at /count expected int | null, got float"),
    "a huge count": (setting("position", "count", 10**12), "at /count expected int <= 2147483647"),
    "a huge number": (setting("quantity", "quantity", 10**40), "at /quantity "),
    "a moment beyond time": (setting("event", "acceptedAt", 10**17), "at /acceptedAt expected"),
    "a count by nobody": (setting("position", "countedBy", None), "at /count found it without"),
    "a position that is left out": (
        lambda lines: lines.remove(first(lines, "position")),
        "(position): at /number found 1, expected 0, the next",
    ),
    "a position twice": (
        lambda lines: last(lines, "position").update(productRef="SKU_1", locationRef="LOC_1"),
        "there is a position of SKU_1 at LOC_1",
    ),
    "an unknown catalogue": (
        setting("position", "catalogue", "DEFAULT:9"),
        "at /catalogue found DEFAULT:9, expected an inventory catalogue of a line before",
    ),
    "a quantity of no position": (setting("quantity", "position", 77), "has no position with the"),
    "a quantity twice": (
        lambda lines: last(lines, "quantity").update(ref="r", number=1, age=None),
        "at /number found 1 again",
    ),
    "a ref twice": (lambda lines: last(lines, "quantity").update(ref="r"), "the quantity ref r is"),
    "another quantity as a count": (
        setting("quantity", "number", 0),
        "the number 0, which is for a position's own",
    ),
    "no cause": (setting("quantity", "cause", {}), "at /cause found another mix"),
    "two causes": (
        setting("quantity", "cause", {"batch": 1, "line": 0, "mutation": "m"}),
        "at /cause found another mix",
    ),
    "an age twice": (
        lambda lines: [line.update(age=0) for line in lines if "age" in line],
        "at /age of the quantities found one place twice",
    ),
    "a child of another": (
        setting("family", "children", ["r"]),
        "at /children/0 found r, expected the ref of a quantity whose parentRef is e",
    ),
    "no family": (lambda lines: lines.remove(first(lines, "family")), "1 quantities have a parent"),
    "a quantity under itself": (
        lambda lines: (
            next(line for line in lines if line.get("ref") == "child")["details"].update(
                parentRef="child"
            ),
            first(lines, "family").update(parent="child"),
        ),
        "the quantity 'child' is above itself",
    ),
    "a past of no position": (setting("earlierState", "position", 77), "at /position found 77"),
    "less past than there is": (
        setting("account", "historyWritten", 0),
        "at /historyWritten of the account found 0, expected 3 at least",
    ),
    "a location out of order": (
        lambda lines: first(lines, "location")["location"].update(number=3),
        "expected the location number 1",
    ),
    "more batches than can be told apart": (
        setting("account", "batchesCreated", 2**40),
        "at /batchesCreated expected int <= 137438953472",
    ),
    "what is lost of nothing": (
        setting("account", "lost", {"socks": 1}),
        "at /lost of the account found socks",
    ),
    "a batch number twice": (
        setting("batch", "number", 2),
        "at /number found 2, expected a number",
    ),
    "an unknown verdict": (setting("batch", "verdicts", [["FINE", 2]]), "found FINE, expected one"),
    "too many verdicts": (
        setting("batch", "verdicts", [["APPLIED", 2**31]]),
        "found 2,147,483,648 of them, expected 2, one for each",
    ),
    "a failure without a reason": (
        setting("batch", "verdicts", [["FAILED", 2]]),
        "at /faults/0 found none",
    ),
    "a batch at no position": (
        setting("batch", "positions", [0, 77]),
        "at /positions found 77, expected positions of DEFAULT:1",
    ),
    "an event twice": (
        lambda lines: last(lines, "event").update(id=first(lines, "event")["id"]),
        "again, expected each once",
    ),
    "an event that ended before all": (
        lambda lines: first(lines, "event").update(ended=99),
        "at /ended of the events found 99",
    ),
    "a body that is no JSON": (setting("event", "body", "{"), "at /body found no JSON"),
    "a body that is no object": (setting("event", "body", "[1]"), "at /body found other JSON"),
    "no id": (setting("event", "id", "../../x"), "at /id expected str matching regex"),
    "a trace of another body": (
        lambda lines: next(line for line in lines if line.get("trace", {}).get("positions")).update(
            body="{}"
        ),
        "at /trace found the entry 0, expected one of 0 in /body",
    ),
    "an event that waits for no time": (
        lambda lines: last(lines, "event").update(ended=None, status="PENDING"),
        "at /status found PENDING, expected SCHEDULED with",
    ),
    "meta that is no JSON": (setting("job", "meta", "nothing"), "at /meta found no JSON"),
    "a virtual feed alone": (
        lambda lines: first(lines, "virtualPosition").pop("quantity"),
        "at /feed found it without /quantity",
    ),
    "a retailer without products": (
        lambda lines: lines.remove(first(lines, "productCatalogue")),
        "at /retailerId of the productCatalogue lines found none, expected 1",
    ),
    "attributes too deep": (
        setting("quantity", "attributes", {"a": json.loads("[" * 300 + "]" * 300)}),
        "at /attributes found what cannot be written",
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_does_not_fit_is_refused_with_its_place_and_nothing_is_kept(
    other: Client, file: bytes, change: Change, expected: str
) -> None:
    lines = lines_in(file)
    change(lines)

    told = message(load(other, packed(lines)), 400)

    assert told.startswith("The snapshot cannot be read: ")
    assert expected in told
    assert other.http.get(PATH).get_json()["total"] == 0
    assert other.positions() == []


def test_counts_that_do_not_match_are_refused(other: Client, file: bytes) -> None:
    lines = lines_in(file)
    lines.remove(first(lines, "onHandChange"))

    told = message(load(other, packed(lines, recount=False)), 400)

    assert "(end): at /lines/onHandChange found 5, expected 4, as there are" in told


def test_what_a_file_says_of_itself_is_told_within_bounds(other: Client, file: bytes) -> None:
    lines = lines_in(file)
    lines[0] |= {"program": "p" * 10**4, "notInHere": ["n" * 10**4] * 100}

    told = load(other, packed(lines))

    assert told.status_code == 201
    assert len(told.data) < 10_000


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999", "{", '"\\ud800"', "\udcff", "{}{}"])
def test_what_is_no_json_is_refused(other: Client, file: bytes, text: str) -> None:
    lines = gzip.decompress(file).decode().splitlines()
    broken = lines[1].replace('"controlsMade":0', f'"controlsMade":{text}')
    content = "\n".join([lines[0], broken, *lines[2:]]).encode("utf-8", "surrogateescape")

    told = message(load(other, gzip.compress(content)), 400)

    assert told.startswith("The snapshot cannot be read: line 2")


def test_a_file_that_is_cut_off_is_refused_wherever_it_is(other: Client, file: bytes) -> None:
    for length in [0, 1, 2, 10, *range(25, len(file), len(file) // 25), len(file) - 1]:
        assert "cannot be read" in message(load(other, file[:length]), 400)
    text = gzip.decompress(file)
    for length in range(0, len(text) - 1, len(text) // 25):
        assert "cannot be read" in message(load(other, gzip.compress(text[:length], 1)), 400)
    assert "3 bytes follow the end" in message(load(other, file + b"abc"), 400)
    damaged = file[:40] + bytes(20) + file[60:]
    assert "cannot be read" in message(load(other, damaged), 400)
    assert other.http.get(PATH).get_json()["total"] == 0


@pytest.mark.parametrize("content", [b"\0" * 40_000_000, b"\n" * 40_000_000], ids=["line", "lines"])
def test_a_bomb_is_not_unpacked_whole(
    other: Client, file: bytes, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(packing, "MOST_UNPACKED", 8_000_000)
    monkeypatch.setattr(packing, "LONGEST_LINE", 2_000_000)
    head = gzip.decompress(file).partition(b"\n")[0]
    bomb = gzip.compress(head + b"\n" + content, 9)
    del content
    load(other, gzip.compress(b"x"))  # once, so that what a load imports is there
    tracemalloc.start()
    try:
        told = message(load(other, bomb), 400)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert "bytes" in told or "line 2" in told
    assert peak < 12_000_000


def test_what_no_file_could_be_read_with_is_not_written(
    filled: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(filled)
    monkeypatch.setattr(packing, "LONGEST_LINE", 5_000)
    filled.load([record(f"SKU_{number}", "LOC_1", number) for number in range(2_000)])
    assert filled.http.put(f"{PATH}/a", json={"replace": True}).status_code == 201

    told = message(filled.http.get(f"{PATH}/a/file"), 409)

    assert 'the line {"kind":"batch","number":' in told
    assert "5,000 at most are read" in told


def test_more_than_a_simulator_may_hold_is_refused(
    other: Client, file: bytes, monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    for name in ("HISTORY", "ON_HAND_CHANGES", "EVENTS", "BATCHES", "POSITIONS", "EVENT_BYTES"):
        with monkeypatch.context() as patch:
            bound = limit(patch, name, 1)
            told = message(load(Client(make_simulator()), file), 400)
            assert bound.what in told
    with monkeypatch.context() as patch:
        limit(patch, "SNAPSHOT_BYTES", 100)
        assert "bytes of snapshots" in message(load(Client(make_simulator()), file), 409)
    assert load(other, file).status_code == 201


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"retailers": ["1", "2"]}, "of the retailers 1, 2, and this simulator has 1"),
        (
            {"behaviours": {"position.further_types": "counted"}},
            "position.further_types was counted, and is stored here",
        ),
    ],
    ids=["retailers", "switches"],
)
def test_one_of_a_simulator_that_is_set_up_otherwise_is_refused(
    other: Client, file: bytes, changes: Document, expected: str
) -> None:
    lines = lines_in(file)
    lines[0].update(changes)

    assert expected in message(load(other, packed(lines)), 409)


@pytest.mark.parametrize(
    ("switch", "value"), [("delta.unheard_of", "yes"), ("delta.duplicate", "dance")]
)
def test_a_switch_that_this_version_does_not_have_is_refused(
    other: Client, file: bytes, switch: str, value: str
) -> None:
    lines = lines_in(file)
    lines[0]["behaviours"] = {switch: value}

    assert f"/behaviours/{switch}" in message(load(other, packed(lines)), 400)


def test_a_switch_that_the_file_does_not_know_has_its_usual_value(
    other: Client, file: bytes
) -> None:
    lines = lines_in(file)
    lines[0]["behaviours"] = {"delta.duplicate": "reject"}

    assert load(other, packed(lines)).status_code == 201
    restore(other)
    assert other.simulator.behaviour.delta_duplicate == "reject"
    assert other.simulator.behaviour.event_order == "newest_first"
