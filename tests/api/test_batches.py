"""Batches: accepted at once, applied by and by, and every record accounted for."""

from contextlib import ExitStack

import pytest
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import NOON, MakeSimulator
from ..support import Client, Document, batch, record
from .helpers.batch_results import JOB, status, verdicts
from .helpers.replies import of_kind, refusals


def outcomes(client: Client, name: str) -> list[tuple[str, str]]:
    """Status and reason of the events of a name, in order of arrival."""
    rows = of_kind("event_log", client.get("/api/v4.1/event", name=name))["results"]
    return [(row["eventStatus"], row["outcome"]) for row in reversed(rows)]


def test_the_seed_batch(client: Client) -> None:
    job = client.job(retailer=1)
    document = {
        "action": "UPSERT",
        "entityType": "INVENTORY",
        "entities": [
            {
                "locationRef": "LOC_1",
                "skuRef": "SKU_1",
                "qty": 500,
                "correctedQty": 0,
                "retailerId": 1,
            }
        ],
    }
    reply = client.post(f"{JOB}/{job}/batch", document)
    assert of_kind("created", reply) == {"id": "1"}
    client.settle()

    shown = status(client, "1")
    created_on = shown.pop("createdOn")
    assert created_on.endswith("+00:00")
    assert shown == {
        "id": "1",
        "batchId": "1",
        "jobId": "1",
        "action": "UPSERT",
        "entityType": "INVENTORY",
        "source": "batch",
        "event": "InventoryChanged",
        "catalogueRef": "DEFAULT:1",
        "status": "COMPLETE",
        "start": "0",
        "count": "1",
        "total": "1",
        "results": [
            {
                "entityId": "1",
                "entityRef": "SKU_1:LOC_1:DEFAULT",
                "responseCode": "200",
                "message": "applied",
            }
        ],
    }
    assert client.on_hand("SKU_1", "LOC_1") == 500


def test_the_status_tells_the_truth(client: Client) -> None:
    job = client.job()
    with ExitStack() as stack:
        stack.enter_context(client.simulator.worker.quiet())
        reply = client.post(f"{JOB}/{job}/batch", batch(record("A", "L", 5)))
        batch_id = of_kind("created", reply)["id"]

        waiting = status(client, batch_id)
        assert waiting["status"] == "PENDING"
        assert waiting["results"] == []
        assert (waiting["count"], waiting["total"]) == ("0", "1")
        assert client.positions() == []

    client.settle()
    assert status(client, batch_id)["status"] == "COMPLETE"
    assert client.on_hand("A", "L") == 5


def test_results_come_a_page_at_a_time(client: Client) -> None:
    job = client.job()
    batch_id = client.load([record(f"P{line}", "L", line) for line in range(250)], job=job)

    first = status(client, batch_id)
    assert (first["start"], first["count"], first["total"]) == ("0", "100", "250")
    assert [row["entityRef"] for row in first["results"][:2]] == ["P0:L:DEFAULT", "P1:L:DEFAULT"]
    last = status(client, batch_id, start="240", count="50")
    assert (last["start"], last["count"], last["total"]) == ("240", "10", "250")
    assert last["results"][-1]["entityRef"] == "P249:L:DEFAULT"
    assert len(status(client, batch_id, count="5000")["results"]) == 250
    assert status(client, batch_id, start="250")["results"] == []


def test_results_can_be_left_empty(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_results="empty"))
    shown = status(client, client.load([record("A", "L", 5)], job=client.job()))

    assert (shown["status"], shown["results"], shown["total"]) == ("COMPLETE", [], "1")


def test_the_catalogue_may_be_named(client: Client) -> None:
    batch_id = client.load([record("A", "L", 1)], job=client.job(), catalogueRef="DEFAULT:1")

    assert status(client, batch_id)["catalogueRef"] == "DEFAULT:1"
    assert client.position("A:L:DEFAULT")["catalogueRef"] == "DEFAULT:1"


def test_an_unknown_catalogue_can_end_as_no_match(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_unknown_catalogue="no_match"))
    batch_id = client.load([record("A", "L", 1)], job=client.job(), catalogueRef="OTHER:1")

    shown = status(client, batch_id)
    assert (shown["status"], shown["catalogueRef"]) == ("COMPLETE", "OTHER:1")
    [row] = shown["results"]
    assert row["responseCode"] == "404"
    assert "entityId" not in row
    [(event_status, reason)] = outcomes(client, "InventoryChanged")
    assert event_status == "NO_MATCH"
    assert "there is no inventory catalogue OTHER:1" in reason
    assert client.positions() == []


def test_a_custom_event_matches_no_ruleset(client: Client) -> None:
    batch_id = client.load([record("A", "L", 1)], job=client.job(), event="StockTake")

    assert verdicts(client, batch_id) == ["accepted, and came to nothing"]
    assert status(client, batch_id)["event"] == "StockTake"
    [(event_status, reason)] = outcomes(client, "StockTake")
    assert event_status == "NO_MATCH"
    assert "'StockTake'" in reason
    assert client.positions() == []


def test_a_custom_event_can_be_applied(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_custom_event="apply"))
    client.load([record("A", "L", 1)], job=client.job(), event="StockTake", source="POS")

    assert client.on_hand("A", "L") == 1


def test_another_type_has_a_quantity_of_its_own(client: Client) -> None:
    job = client.job()
    client.load([record("A", "L", 10)], job=job)
    client.delta("A", "L", -2, "d")
    client.load([record("A", "L", 100, type="EXPECTED")], job=job)
    client.load([record("A", "L", -4, type="IN_TRANSIT")], job=job)

    assert client.quantities("A", "L") == {
        "LAST_ON_HAND": (10, "ACTIVE"),
        "d": (-2, "ACTIVE"),
        "EXPECTED": (100, "ACTIVE"),
        "IN_TRANSIT": (-4, "ACTIVE"),
    }
    assert client.on_hand("A", "L") == 8


def test_a_count_with_a_ref_of_its_own(client: Client) -> None:
    job = client.job()
    client.load([record("A", "L", 10, ref="LOT-1"), record("A", "L", 7, ref="LOT-2")], job=job)
    assert client.on_hand("A", "L") == 17

    client.load([record("A", "L", 8, ref="LOT-1")], job=job)

    assert client.quantities("A", "L") == {"LOT-1": (8, "ACTIVE"), "LOT-2": (7, "ACTIVE")}
    assert client.on_hand("A", "L") == 15


def test_the_constructed_ref_may_be_given(client: Client) -> None:
    job = client.job()
    client.load([record("A", "L", 10)], job=job)
    client.load([record("A", "L", 11, ref="A:L:DEFAULT:LAST_ON_HAND")], job=job)

    assert client.quantities("A", "L") == {"LAST_ON_HAND": (11, "ACTIVE")}


def test_a_ref_belongs_to_one_position(client: Client) -> None:
    job = client.job()
    batch_id = client.load([record("A", "L", 1, ref="R"), record("B", "L", 2, ref="R")], job=job)

    first, second = status(client, batch_id)["results"]
    assert first["responseCode"] == "200"
    assert second["responseCode"] == "500"
    assert "A:L:DEFAULT" in second["message"]
    assert "entityId" not in second
    assert [position["ref"] for position in client.positions()] == ["A:L:DEFAULT"]


def test_legacy_and_unknown_fields_are_ignored(client: Client) -> None:
    more: Document = {"reservedQty": 4, "correctedQty": 3, "inventoryId": "9", "uom": "EACH"}
    client.load([record("A", "L", 10, **more, brandNew={"x": 1})], job=client.job(), other=1)

    assert client.quantities("A", "L") == {"LAST_ON_HAND": (10, "ACTIVE")}


def test_fields_that_are_null_count_as_absent(client: Client) -> None:
    nulls = dict.fromkeys(["type", "ref", "status", "attributes", "retailerId", "correctedQty"])
    client.load([record("A", "L", 10, **nulls)], job=client.job(), source=None, conditions=None)

    assert client.quantities("A", "L") == {"LAST_ON_HAND": (10, "ACTIVE")}


def test_fields_that_are_null_can_be_refused(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(schema_null_fields="refuse"))
    document = batch(record("A", "L", 10, type=None))

    [(_, message)] = refusals(client.post(f"{JOB}/{client.job()}/batch", document))
    assert "/entities/0/type found null" in message


@pytest.mark.parametrize("qty", ["10", "+10", "0010"])
def test_quantities_as_text_can_be_accepted(make_simulator: MakeSimulator, qty: str) -> None:
    client = Client(make_simulator(schema_string_numbers="accept"))
    client.load([record("A", "L", qty)], job=client.job())

    assert client.on_hand("A", "L") == 10


@pytest.mark.parametrize("qty", ["-1", "1.5", "ten", "", "1e1", "9" * 11])
def test_text_that_is_no_quantity(make_simulator: MakeSimulator, qty: str) -> None:
    client = Client(make_simulator(schema_string_numbers="accept"))
    reply = client.post(f"{JOB}/{client.job()}/batch", batch(record("A", "L", qty)))

    assert all("/entities/0/qty" in message for _, message in refusals(reply))


def test_whole_numbers_with_a_point_can_be_accepted(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(schema_decimal_whole_numbers="accept"))
    client.load([record("A", "L", 10.0)], job=client.job())

    assert client.on_hand("A", "L") == 10
    reply = client.post(f"{JOB}/1/batch", batch(record("A", "L", 10.5)))
    refusals(reply)


@pytest.mark.parametrize(
    ("setting", "preprocessing", "names"),
    [
        ("without_preprocessing", "skip", ["BATCH_COMPLETE", "CREATE"]),
        ("without_preprocessing", None, []),
        ("always", None, ["BATCH_COMPLETE", "CREATE"]),
        ("never", "skip", []),
    ],
)
def test_batches_write_into_the_event_log(
    make_simulator: MakeSimulator, setting: str, preprocessing: str | None, names: list[str]
) -> None:
    # Inventory batch events, 4 July 2025.
    client = Client(make_simulator(batch_events=setting))
    job = client.job(preprocessing=preprocessing)
    batch_id = client.load([record("A", "L", 1)], job=job, source="ERP")

    query = {
        "context.rootEntityType": "JOB",
        "context.rootEntityId": job,
        "context.entityType": "BATCH",
        "context.entityId": batch_id,
    }
    reply = client.http.get("/api/v4.1/event", query_string=query, headers=client.headers)
    rows = of_kind("event_log", reply)["results"]

    assert [row["name"] for row in rows] == names
    for row in rows:
        is_complete = row["name"] == "BATCH_COMPLETE"
        assert row["category"] == ("BATCH" if is_complete else "ORDER WORKFLOW")
        assert row["type"].endswith("_AUDIT") == is_complete
        assert row["context"]["entityRef"] == batch_id


def test_the_create_row_of_a_batch_is_that_of_the_published_sample(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    # Inventory batch events, 4 July 2025; its sample is of 2020.
    client = Client(make_simulator(clock=clock))
    job = client.job(preprocessing="skip")
    batch_id = client.load([record("A", "L", 1)], job=job, source="ERP")
    query = {"context.entityType": "BATCH", "name": "CREATE"}
    [row] = client.get("/api/v4.1/event", **query).get_json()["results"]

    assert row["category"] == "ORDER WORKFLOW"
    assert row["source"] == "Fluent-API"
    assert row["eventStatus"] == "PENDING"
    assert row["type"] == "ORCHESTRATION"
    assert [(each["name"], each["type"]) for each in row["attributes"]] == [
        ("S3_bucket", "STRING"),
        ("S3_object", "STRING"),
    ]
    place = "batch/account=FCTRAIN1001/type=INVENTORY/year=2026/month=01/date=01/"
    assert row["attributes"][1]["value"] == f"{place}{batch_id}-{NOON}"


def test_a_position_ref_belongs_to_one_product_and_location(client: Client) -> None:
    records = [record("A:B", "C", 1), record("A", "B:C", 2)]
    batch_id = client.load(records, job=client.job())

    first, second = status(client, batch_id)["results"]
    assert (first["responseCode"], second["responseCode"]) == ("200", "500")
    assert "A:B:C:DEFAULT" in second["message"]
    assert client.position("A:B:C:DEFAULT")["productRef"] == "A:B"


def test_batches_are_applied_in_the_order_they_came(client: Client) -> None:
    job = client.job()
    for number in range(50):
        reply = client.post(f"{JOB}/{job}/batch", batch(record("A", "L", number)))
        assert reply.status_code == 200
    client.settle()

    assert client.on_hand("A", "L") == 49
