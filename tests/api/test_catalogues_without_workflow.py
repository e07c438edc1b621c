"""Catalogues that the reference workflow does not work on.

Course notes (undated) and Inventory Batch API, 24 Mar 2025: batches go to the catalogue of type
DEFAULT. Configure a master retailer, 9 Feb 2025: a new catalogue is to be made ACTIVE.
"""

import pytest

from ..conftest import MakeSimulator
from ..support import Client, batch, delta, deltas, record
from .helpers.batch_results import JOB, status
from .helpers.replies import refusals

REF = "C:1"


def mutate(client: Client, name: str, fields: str) -> None:
    query = f'mutation {{ {name}(input: {{ref: "{REF}", {fields}}}) {{ id }} }}'
    assert "errors" not in client.post("/graphql", {"query": query}).get_json()


def create(client: Client, kind: str) -> None:
    mutate(client, "createInventoryCatalogue", f'type: "{kind}", name: "C"')


def set_status(client: Client, value: str) -> None:
    mutate(client, "updateInventoryCatalogue", f'status: "{value}"')


def with_catalogue(client: Client, kind: str, catalogue_status: str) -> Client:
    create(client, kind)
    if catalogue_status != "CREATED":
        set_status(client, catalogue_status)
    return client


CASES = [
    ("DEFAULT", "CREATED", "C:1 is CREATED"),
    ("DEFAULT", "INACTIVE", "C:1 is INACTIVE"),
    ("OUTLET", "ACTIVE", "INVENTORY_CATALOGUE::OUTLET"),
    ("OUTLET", "CREATED", "C:1 is CREATED"),
]


@pytest.mark.parametrize(("kind", "catalogue_status", "reason"), CASES)
def test_a_batch_is_refused_and_an_event_matches_nothing(
    client: Client, kind: str, catalogue_status: str, reason: str
) -> None:
    with_catalogue(client, kind, catalogue_status)
    document = batch(record("A", "L", 5), catalogueRef=REF)
    [(_, message)] = refusals(client.post(f"{JOB}/{client.job()}/batch", document))
    event = client.send(deltas(delta("A", "L", 1, "d"), entityRef=REF, entitySubtype=kind))

    assert "/catalogueRef" in message
    assert reason in message
    assert event["eventStatus"] == "NO_MATCH"
    assert reason in event["outcome"]
    assert client.positions() == []


@pytest.mark.parametrize(("kind", "catalogue_status", "reason"), CASES)
def test_a_batch_can_come_to_nothing_instead(
    make_simulator: MakeSimulator, kind: str, catalogue_status: str, reason: str
) -> None:
    client = Client(make_simulator(batch_unknown_catalogue="no_match"))
    with_catalogue(client, kind, catalogue_status)
    number = client.load([record("A", "L", 5)], job=client.job(), catalogueRef=REF)

    assert [row["responseCode"] for row in status(client, number)["results"]] == ["404"]
    [row] = client.get("/api/v4.1/event", name="InventoryChanged").get_json()["results"]
    assert row["eventStatus"] == "NO_MATCH"
    assert reason in row["outcome"]
    assert client.positions() == []


def test_one_of_the_default_type_works_once_it_is_active(client: Client) -> None:
    with_catalogue(client, "DEFAULT", "ACTIVE")
    client.load([record("A", "L", 5)], catalogueRef=REF)
    event = client.send(deltas(delta("A", "L", 1, "d"), entityRef=REF, rootEntityRef=REF))

    assert event["eventStatus"] == "SUCCESS"
    [position] = client.positions()
    assert position["onHand"] == 6


def test_the_own_catalogue_of_a_retailer_can_be_closed_too(client: Client) -> None:
    close = 'updateInventoryCatalogue(input: {ref: "DEFAULT:1", status: "INACTIVE"}) { id }'
    document = {"query": f"mutation {{ {close} }}"}
    assert "errors" not in client.post("/graphql", document).get_json()
    reply = client.post(f"{JOB}/{client.job()}/batch", batch(record("A", "L", 5)))

    assert all("DEFAULT:1 is INACTIVE" in message for _, message in refusals(reply))


def test_a_batch_that_waits_while_its_catalogue_is_closed_comes_to_nothing(client: Client) -> None:
    with_catalogue(client, "DEFAULT", "ACTIVE")
    job = client.job()
    with client.simulator.worker.quiet():
        document = batch(record("A", "L", 5), catalogueRef=REF)
        number = client.post(f"{JOB}/{job}/batch", document).get_json()["id"]
        set_status(client, "INACTIVE")
    client.settle()

    assert [row["responseCode"] for row in status(client, number)["results"]] == ["404"]
    assert client.positions() == []
