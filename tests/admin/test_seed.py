"""Stock, and what else an account has, is given to a simulator at the start or while it works."""

import gzip
import json
import re
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.intake.seeding import SeedError
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..graphql.helpers.places import location_input
from ..support import Client, record

PATH = "/__admin/seed"
GROUP = {"name": "shops", "ref": "shops", "retailer": {"id": "1"}}
CSV = "productRef,locationRef,onHand\nSKU_1,LOC_1,500\nSKU_2,LOC_1,3\n"
LOCATIONS = "{locations(first: 10) {edges {node {ref name}}}}"


def seed(client: Client, document: object) -> TestResponse:
    return client.http.post(PATH, json=document)


def seed_csv(client: Client, text: str) -> TestResponse:
    return client.http.post(PATH, data=text.encode(), content_type="text/csv")


def answered(reply: TestResponse, status: int = 200) -> Mapping[str, object]:
    assert reply.status_code == status, reply.get_data(as_text=True)
    told: Mapping[str, object] = reply.get_json()
    return told


def refusal(reply: TestResponse) -> str:
    return str(answered(reply, 400)["errors"])


def stock(client: Client) -> dict[str, int]:
    return {each["ref"]: each["onHand"] for each in client.positions()}


def names(client: Client) -> dict[str, str]:
    found = client.post("/graphql", {"query": LOCATIONS}).get_json()["data"]["locations"]["edges"]
    return {edge["node"]["ref"]: edge["node"]["name"] for edge in found}


def test_stock_is_added_and_what_there_is_stays(client: Client) -> None:
    client.load([record("SKU_0", "LOC_1", 7)])
    client.delta("SKU_0", "LOC_1", -1, "sale")

    told = answered(seed(client, {"entities": [record("SKU_1", "LOC_1", 500)]}))

    assert told == {"status": "seeded", "records": 1}
    assert stock(client) == {"SKU_0:LOC_1:DEFAULT": 6, "SKU_1:LOC_1:DEFAULT": 500}
    assert client.get("/api/v4.1/job/2").status_code == 404


@pytest.mark.parametrize(
    ("pack", "encoding"), [(gzip.compress, "gzip"), (zlib.compress, "deflate")]
)
def test_what_a_call_of_ours_is_sent_may_be_packed(
    client: Client, pack: Callable[[bytes], bytes], encoding: str
) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "text/csv"}
    told = answered(client.http.post(PATH, data=pack(CSV.encode()), headers=headers))

    assert told == {"status": "seeded", "records": 2}
    assert stock(client) == {"SKU_1:LOC_1:DEFAULT": 500, "SKU_2:LOC_1:DEFAULT": 3}


@pytest.mark.parametrize(
    ("body", "encoding", "status", "why"),
    [
        (CSV.encode(), "br", 415, "The Content-Encoding is br"),
        (CSV.encode(), "gzip", 400, "it is damaged"),
        (gzip.compress(CSV.encode())[:-1], "gzip", 400, "its end is missing"),
        (gzip.compress(b" " * 11_000_000), "gzip", 413, "too large"),
    ],
    ids=["br", "not packed", "cut off", "bomb"],
)
def test_what_a_call_of_ours_cannot_unpack_is_refused(
    client: Client, body: bytes, encoding: str, status: int, why: str
) -> None:
    headers = {"Content-Encoding": encoding, "Content-Type": "text/csv"}

    assert why in str(answered(client.http.post(PATH, data=body, headers=headers), status))
    assert stock(client) == {}


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-16", "text that looks like UTF-16 at line 1 column 1. Expected UTF-8."),
        ("utf-16-le", "text that looks like UTF-16 at line 1 column 1. Expected UTF-8."),
        ("utf-32-be", "text that looks like UTF-32 at line 1 column 1. Expected UTF-8."),
    ],
)
def test_a_table_in_another_encoding_is_told_as_any_text_is(
    client: Client, tmp_path: Path, encoding: str, found: str
) -> None:
    body = CSV.encode(encoding)
    file = tmp_path / "stock.csv"
    file.write_bytes(body)

    assert found in refusal(client.http.post(PATH, data=body, content_type="text/csv"))
    for content_type in ("text/csv", "application/x-ndjson"):
        reply = client.http.post("/__admin/reconcile", data=body, content_type=content_type)
        assert found in refusal(reply)
    simulator = build(Settings(seed_data=str(file)))
    with pytest.raises(SeedError, match=re.escape(found)):
        simulator.start()
    simulator.close()


def test_stock_is_added_as_csv(client: Client) -> None:
    assert answered(seed_csv(client, CSV)) == {"status": "seeded", "records": 2}
    assert stock(client) == {"SKU_1:LOC_1:DEFAULT": 500, "SKU_2:LOC_1:DEFAULT": 3}


def test_quantities_of_other_types_are_added(client: Client) -> None:
    order = record("SKU_1", "LOC_1", 20, type="RESERVED", ref="order-1")

    answered(seed(client, {"entities": [record("SKU_1", "LOC_1", 500), order]}))

    [position] = client.positions()
    assert {row["type"] for row in position["quantities"]} == {"LAST_ON_HAND", "RESERVED"}


def test_locations_and_controls_are_made(client: Client) -> None:
    told = answered(
        seed(client, {"locations": [location_input("SHOP_1"), location_input("SHOP_2")]})
    )

    assert told == {"status": "seeded", "records": 0, "locations": 2}
    assert set(names(client)) == {"SHOP_1", "SHOP_2"}


def test_a_reset_takes_away_what_was_added(client: Client) -> None:
    seed(client, {"entities": [record("SKU_1", "LOC_1", 500)]})

    client.http.post("/__admin/reset")

    assert stock(client) == {}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], "an object"),
        ({}, "entities, or one of"),
        ({"entity": []}, "entities"),
        ({"entities": {}}, "/entities"),
        ({"entities": [record("SKU_1", "LOC_1", 1), {"skuRef": "SKU_2"}]}, "record 1"),
        (
            {"entities": [record("SKU_1", "LOC_1", 1, retailerId=9)]},
            "Record 0 of the seed data at /retailerId",
        ),
        ({"locations": [1]}, "/locations/0"),
        ({"locations": [{"ref": "SHOP_1"}]}, "/locations/0"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told_with_its_place_and_nothing_added(
    client: Client, document: object, expected: str
) -> None:
    assert expected in refusal(seed(client, document))
    assert stock(client) == {}
    assert names(client) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sku,location,qty\nA,B,1\n", "productRef,locationRef,onHand"),
        ("deltaId,productRef,locationRef,qty\nd,A,B,1\n", "deltas"),
        ("productRef,locationRef,onHand\nA,B,1\nA,C,many\n", "line 3 column 5"),
        ("productRef,locationRef,onHand\nA,B\n", "line 2"),
        ("productRef,locationRef,onHand\n,B,1\n", "line 2 column 1"),
        ("productRef,locationRef,onHand\nA,B,1\nA,C,-3\n", "line 3: "),
    ],
    ids=str,
)
def test_csv_that_cannot_be_used_is_told_by_line(client: Client, text: str, expected: str) -> None:
    assert expected in refusal(seed_csv(client, text))
    assert stock(client) == {}


def test_what_a_mutation_refuses_is_told_with_what_was_made_before_it(client: Client) -> None:
    told = refusal(seed(client, {"locations": [location_input("SHOP_1")] * 2}))

    assert "/locations/1" in told
    assert "Made before it: 1 locations" in told


def test_records_count_among_what_was_made_before_a_refusal(client: Client) -> None:
    told = refusal(seed(client, {"entities": [record("P", "L", 7)], "locations": [{"ref": "X"}]}))

    assert "Made before it: 1 records." in told
    assert stock(client) == {"P:L:DEFAULT": 7}


def test_a_form_seeds_nothing(client: Client) -> None:
    reply = client.http.post(PATH, data={"entities": "[]"})

    assert reply.status_code == 415


def test_a_simulator_starts_with_all_of_it_and_a_reset_brings_it_back(
    make_simulator: MakeSimulator, tmp_path: Path
) -> None:
    path = tmp_path / "seed.json"
    document = {
        "entities": [record("SKU_1", "SHOP_1", 5)],
        "locations": [location_input("SHOP_1")],
    }
    path.write_text(json.dumps(document))
    client = Client(make_simulator(settings=Settings(seed_data=str(path))))
    before = stock(client), names(client)
    assert before[0] == {"SKU_1:SHOP_1:DEFAULT": 5}
    assert set(before[1]) == {"SHOP_1"}

    client.load([record("SKU_1", "SHOP_1", 9)])
    client.http.post("/__admin/reset")

    assert (stock(client), names(client)) == before


def test_a_simulator_starts_with_csv(make_simulator: MakeSimulator, tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_bytes(b"\xef\xbb\xbf" + CSV.replace("\n", "\r\n").encode())

    client = Client(make_simulator(settings=Settings(seed_data=str(path))))

    assert client.simulator.settle()
    assert stock(client) == {"SKU_1:LOC_1:DEFAULT": 500, "SKU_2:LOC_1:DEFAULT": 3}


def test_a_seed_whose_list_is_refused_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    path.write_text(json.dumps({"locations": [{"ref": "SHOP_1"}]}))
    simulator = build(Settings(seed_data=str(path)))

    with pytest.raises(SeedError, match="/locations/0"):
        simulator.start()
    simulator.close()
