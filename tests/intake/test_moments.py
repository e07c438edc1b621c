"""Which dates are taken: the same in a batch, in an event and in GraphQL."""

from typing import Any

import pytest

from ..conftest import MakeSimulator
from ..support import Client, batch, deltas, record

TAKEN = [
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00-14:59",
    "2028-02-29T12:30:00.250+02:00",
    "3000-02-28T00:00:00Z",
    "9999-12-31T23:59:59.999Z",
    "9999-12-31T23:59:59+14:00",
]
REFUSED = [
    "0000-12-31T00:00:00Z",
    "0001-01-01T00:00:00+00:01",
    "2026-02-29T00:00:00Z",
    "3000-02-29T00:00:00Z",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "2026-03-23T00:00:00",
    "2026-03-23",
]
FILTER = (
    "query ($at: DateTime) { inventoryQuantities(expectedOn: {from: $at}) { edges { cursor } } }"
)


def by_batch(client: Client, moment: str) -> bool:
    one = record("SKU", "LOC", 1, type="ON_ORDER", attributes={"expectedOn": moment})
    return client.post(f"/api/v4.1/job/{client.job()}/batch", batch(one)).status_code == 200


def by_event(client: Client, moment: str) -> bool:
    event: Any = deltas({"productRef": "SKU", "locationRef": "LOC", "qty": 1, "type": "DELTA"})
    return client.post("/api/v4.1/event/async", event | {"scheduledOn": moment}).status_code == 200


def by_query(client: Client, moment: str) -> bool:
    answer = client.post("/graphql", {"query": FILTER, "variables": {"at": moment}}).get_json()
    return "errors" not in answer


@pytest.mark.parametrize("moment", TAKEN)
def test_a_date_of_four_digits_is_taken_everywhere(
    moment: str, make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator(delta_missing_id="generate"))

    assert by_batch(client, moment)
    assert by_event(client, moment)
    assert by_query(client, moment)


@pytest.mark.parametrize("moment", REFUSED)
def test_what_is_no_such_date_is_refused_in_batches_and_events(
    moment: str, make_simulator: MakeSimulator
) -> None:
    client = Client(make_simulator(delta_missing_id="generate"))

    assert not by_batch(client, moment)
    assert not by_event(client, moment)


@pytest.mark.parametrize("moment", REFUSED[:6])
def test_what_is_no_date_at_all_is_refused_in_queries(
    moment: str, make_simulator: MakeSimulator
) -> None:
    assert not by_query(Client(make_simulator()), moment)
