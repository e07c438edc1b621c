"""A batch of plain counts is read all at once: to the same records as line by line."""

from typing import Any

import pytest
from fluent_oms_simulator.behaviour import Behaviour
from fluent_oms_simulator.domain.refs import LONGEST_REF, default_catalogue
from fluent_oms_simulator.intake.records import InventoryRecordReader, RecordsRead
from fluent_oms_simulator.intake.requests import Requests
from fluent_oms_simulator.intake.schemas import Schemas
from hypothesis import given
from hypothesis import strategies as st

from ..support import Client, batch, record

SCHEMAS = Schemas()
REFS = st.sampled_from(["A", "B", "é", "x" * (LONGEST_REF // 2), "x" * LONGEST_REF])
ENTITIES = st.fixed_dictionaries(
    {
        "skuRef": REFS,
        "locationRef": REFS,
        "qty": st.one_of(st.integers(0, 5), st.sampled_from([2.0, 10**9])),
    },
    optional={
        "retailerId": st.sampled_from([1, "1", 1.0, "01", 2]),
        "correctedQty": st.just(0),
        "type": st.sampled_from(["LAST_ON_HAND", "SALE"]),
        "attributes": st.sampled_from([{}, {"lot": "7"}]),
    },
)


def read(entities: list[dict[str, Any]], ignored: str) -> RecordsRead:
    behaviour = Behaviour.from_options({"retailer.mismatch": ignored})
    reader = InventoryRecordReader(Requests(SCHEMAS, behaviour), behaviour)
    return reader.read(entities, "1", default_catalogue("1"), schema_holds=True)


@given(st.lists(ENTITIES, min_size=1, max_size=4), st.sampled_from(["ignore", "refuse"]))
def test_records_are_the_same_whoever_stands_beside_them(
    entities: list[dict[str, Any]], ignored: str
) -> None:
    # A record of another type keeps its whole batch from being read at once.
    other = {"skuRef": "S", "locationRef": "L", "qty": 1, "type": "SALE"}
    at_once, by_line = read(entities, ignored), read([*entities, other], ignored)

    assert by_line.records.pop() is not None
    assert at_once.records == by_line.records
    assert list(map(type, at_once.records)) == list(map(type, by_line.records))
    assert at_once.faults == by_line.faults
    assert at_once.attribute_bytes == by_line.attribute_bytes
    assert at_once.is_plain == all(each is None or each.is_plain for each in at_once.records)


@pytest.mark.parametrize("retailer", [1.0, 2, "2"])
def test_one_record_of_another_retailer_is_found_among_plain_ones(
    client: Client, retailer: object
) -> None:
    rows = [record("A", "L", 5, retailerId=1), record("B", "L", 5, retailerId=retailer)]
    path = f"/api/v4.1/job/{client.job()}/batch"
    reply = client.post(path, batch(*rows))

    assert reply.status_code == 400
    assert "/entities/1/retailerId" in reply.get_json()["errors"][0]["message"]
