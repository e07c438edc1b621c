"""Switches can be changed while a simulator works, and act from then on as from the start."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.behaviour import describe
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.operations.behaviour_setting import HELD_FROM_THE_START

from ..conftest import MakeSimulator
from ..simulator.test_behaviours import ROWS, TABLE, each_of
from ..support import Client, Document, batch, record

PATH = "/__admin/behaviours"
CHANGEABLE = [row for row in ROWS if row[0] not in HELD_FROM_THE_START]
CHANGED_LATER = {name for name, _ in CHANGEABLE if not name.startswith("delta.")}
"""Those that the slow tests alone change; what each of them does is tested at once elsewhere."""
ASKS = {"query": "{inventoryPositions(first: 1) {edges {node {ref}}}}"}


def put(client: Client, switches: object, status: int = 200) -> Document:
    reply = client.http.put(PATH, json={"behaviours": switches})
    assert reply.status_code == status, reply.get_data(as_text=True)
    told: Document = reply.get_json()
    return told


def values(told: Document) -> dict[str, str]:
    return {row["name"]: row["value"] for row in told["behaviours"]}


@each_of(CHANGEABLE, slow=CHANGED_LATER)
def test_a_switch_does_what_it_says_from_then_on(
    make_simulator: MakeSimulator, clock: VirtualClock, name: str, value: str
) -> None:
    """Whatever has been made until then by the switches of before."""
    settings = Settings(seed_data="none", retailers=("1", "2"))
    client = Client(make_simulator(clock=clock, settings=settings))
    client.post("/graphql", ASKS)
    client.forget_token()
    observation, outcomes = TABLE[name]

    put(client, {name: value})
    client.http.post("/__admin/reset?tokens=drop&requests=drop&conformance=drop")

    assert observation(client) == outcomes[value]


def test_stock_and_tokens_stay(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 100)])
    client.delta("SKU_1", "LOC_1", -1, "sale")

    put(client, {"delta.duplicate": "accumulate"})

    client.delta("SKU_1", "LOC_1", -1, "sale")
    assert client.on_hand("SKU_1", "LOC_1") == 98


def test_what_has_happened_is_told_as_before(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 100)])
    client.delta("SKU_1", "LOC_1", -1, "sale")
    before = client.get("/api/v4.1/event", count="1000").get_json()

    put(client, {"delta.duplicate": "reject", "graphql.page_info_cursors": "served"})

    assert client.get("/api/v4.1/event", count="1000").get_json() == before


def test_audit_rows_of_before_are_told_or_left_out_as_they_say(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 100)])
    client.delta("SKU_1", "LOC_1", -1, "sale")
    before = client.get("/api/v4.1/event", count="1000").get_json()

    put(client, {"event.audit": "off"})
    without = client.get("/api/v4.1/event", count="1000").get_json()
    put(client, {"event.audit": "recorded"})

    assert len(without["results"]) < len(before["results"])
    assert client.get("/api/v4.1/event", count="1000").get_json() == before


def test_the_others_stay_as_they_are_and_null_is_the_value_of_the_profile(
    make_simulator: MakeSimulator,
) -> None:
    client = Client(make_simulator(job_closes="never", delta_zero="accept"))

    told = put(client, {"delta.duplicate": "reject", "delta.zero": None})

    changed = {
        switch.name: values(told)[switch.name]
        for switch in describe()
        if values(told)[switch.name] != switch.default
    }
    assert changed == {"job.closes": "never", "delta.duplicate": "reject"}
    assert values(client.http.get(PATH).get_json()) == values(told)


def test_delete_goes_back_to_those_of_the_start(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(job_closes="never"))
    before = client.http.get(PATH).get_json()
    put(client, {"job.closes": None, "delta.duplicate": "reject"})

    assert client.http.delete(PATH).get_json() == before


def test_a_reset_leaves_them_as_they_are(client: Client) -> None:
    put(client, {"delta.duplicate": "reject"})

    client.http.post("/__admin/reset")

    assert values(client.http.get(PATH).get_json())["delta.duplicate"] == "reject"


def test_another_namespace_is_not_changed(client: Client) -> None:
    client.http.put("/__admin/namespaces/alpha", json={})
    put(client, {"delta.duplicate": "reject"})

    alpha = client.http.get("/__ns/alpha/__admin/behaviours").get_json()
    assert values(alpha)["delta.duplicate"] == "upsert"


@pytest.mark.parametrize("name", HELD_FROM_THE_START)
def test_one_that_holds_from_the_start_is_refused_with_the_reason(
    client: Client, name: str
) -> None:
    [switch] = [each for each in describe() if each.name == name]
    before = client.http.get(PATH).get_json()

    told = put(client, {"delta.duplicate": "reject", name: switch.default}, 400)

    [error] = told["errors"]
    assert f"/behaviours/{name}" in error["message"]
    assert HELD_FROM_THE_START[name] in error["message"]
    assert client.http.get(PATH).get_json() == before
    assert {row["name"]: row["fixed"] for row in before["behaviours"] if row["fixed"]} == (
        HELD_FROM_THE_START
    )


@pytest.mark.parametrize(
    ("document", "pointer", "expected"),
    [
        ([], "", "an object"),
        ({}, "", "'behaviours' is required"),
        ({"behaviours": {}}, "/behaviours", "at least one"),
        ({"behaviors": {"delta.duplicate": "reject"}}, "/behaviors", "behaviours"),
        ({"behaviours": {"delta.duplicate": 1}}, "/behaviours/delta.duplicate", "text"),
        ({"behaviours": {"delta.duplicate": "x"}}, "/behaviours/delta.duplicate", "upsert"),
        ({"behaviours": {"delta.duplicate": ""}}, "/behaviours/delta.duplicate", "upsert"),
        ({"behaviours": {"delta.duplicat": None}}, "/behaviours/delta.duplicat", "mean"),
        ({"behaviours": {"oauth.token_seconds": "0"}}, "/behaviours/oauth.token_seconds", "1 to"),
        ({"behaviours": {"a/b~c": "0"}}, "/behaviours/a~1b~0c", "fluent-sim behaviours"),
    ],
    ids=str,
)
def test_what_cannot_be_used_changes_nothing(
    client: Client, document: object, pointer: str, expected: str
) -> None:
    before = client.http.get(PATH).get_json()

    reply = client.http.put(PATH, json=document)

    assert reply.status_code == 400
    told = str(reply.get_json()["errors"])
    assert pointer in told
    assert expected in told
    assert client.http.get(PATH).get_json() == before


def test_every_fault_is_told_at_once(client: Client) -> None:
    told = put(client, {"delta.duplicate": "x", "job.closes": "y"}, 400)

    text = str(told["errors"])
    assert "/behaviours/delta.duplicate" in text
    assert "/behaviours/job.closes" in text


def test_a_report_names_the_switches_that_are_set_now(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 100)])
    put(client, {"delta.duplicate": "reject"})

    report = client.http.get("/__admin/conformance?format=text").get_data(as_text=True)

    assert "delta.duplicate=reject" in report


def test_to_change_them_wants_json(client: Client) -> None:
    reply = client.http.put(PATH, data='{"behaviours": {"delta.duplicate": "reject"}}')

    assert reply.status_code == 415


def test_a_batch_in_hand_ends_as_it_has_begun(client: Client) -> None:
    job = client.job()
    many = [record(f"SKU_{number}", "LOC_1", number) for number in range(2_000)]
    reply = client.post(f"/api/v4.1/job/{job}/batch", batch(*many))
    put(client, {"batch.custom_event": "apply", "batch.events": "always"})
    client.settle()

    shown = client.batch(reply.get_json()["id"], job)
    assert (shown["status"], shown["total"]) == ("COMPLETE", "2000")
