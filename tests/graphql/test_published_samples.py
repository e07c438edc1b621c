"""Queries that the vendor's pages show are answered as they stand, others by what they are not."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from fluent_oms_simulator import Settings, build

from ..support import Client
from .helpers.places import create_location
from .helpers.published_samples import SAMPLES
from .helpers.support import answer_of, ask, post
from .helpers.unpublished_samples import UNKNOWN
from .helpers.virtual_shop import open_shop


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """D45 at MEL and SYD, D46 at MEL, on sale from both. One for all tests, which only read."""
    with closing(build(Settings(seed_data="none"))) as simulator:
        simulator.start()
        client = Client(simulator)
        open_shop(client).stock(D46_MEL=3)
        create_location(client, "MEL", storageAreas=[{"ref": "BACK", "type": "SHELF"}])
        create_location(client, "SYD")
        yield client


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_query_finds_what_it_asks_for(client: Client, name: str) -> None:
    sample = SAMPLES[name]
    data = ask(client, sample.query, **sample.variables)

    assert None not in data.values(), sample.source
    found = {field: len(data[field]["edges"]) for field in sample.rows}
    assert found == sample.rows, sample.source


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_no_copy_of_the_schema_knows_is_refused_by_its_name(client: Client, name: str) -> None:
    query, words = UNKNOWN[name]
    reply = post(client, query, {"id": "1", "c": [], "retailerId": "1", "first": 10})
    answer = answer_of(reply)
    messages = "\n".join(error["message"] for error in answer["errors"])

    assert reply.status_code == 200
    assert "data" not in answer
    assert [each for each in words if each not in messages] == [], messages
