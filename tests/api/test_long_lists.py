"""No reply grows with all that a simulator holds."""

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.operations import administration as control
from fluent_oms_simulator.operations import jobs, positions

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record

JOB = "/api/v4.1/job"


def test_a_page_of_a_job_is_cut_however_large_a_count(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_largest_page="3"))
    job = client.job()
    for number in range(5):
        client.load([record("A", "L", number)], job=job)

    page = client.get(f"{JOB}/{job}", count="9007199254740992", start="1").get_json()
    assert [row["id"] for row in page["batch"]] == ["2", "3", "4"]
    assert (page["start"], page["count"], page["total"]) == ("1", "3", "5")


def test_a_job_s_results_tell_some_errors_and_the_batch_all(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record", batch_largest_page="250"))
    job = client.job()
    for _ in range(4):
        client.load([record("A", "L", -1)] * 200, job=job)

    results = client.get(f"{JOB}/{job}/results").get_json()
    told = [len(row["errors"]) for row in results["results"]]
    assert told == [jobs.MOST_ERRORS_OF_BATCH, 100, 50, 0]
    assert results["failedBatches"] == 4
    rows = client.batch("4", job, count="250")["results"]
    assert sum(row["responseCode"] != "200" for row in rows) == 200


@pytest.fixture
def stocked(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(positions, "MOST_QUANTITIES_PER_PAGE", 5)
    client.load([record(product, "L", 10) for product in "ABC"])
    for product in "AB":
        changes = [delta(product, "L", 1, f"{product}{number}") for number in range(3)]
        client.send(deltas(*changes))
    return client


def test_a_list_of_positions_shows_so_many_quantities_in_all(stocked: Client) -> None:
    rows = stocked.positions()

    assert [row["quantitiesTotal"] for row in rows] == [4, 4, 1]
    assert [len(row["quantities"]) for row in rows] == [4, 1, 0]
    assert [row["onHand"] for row in rows] == [13, 13, 10]


def test_the_quantities_of_a_position_come_in_pages(stocked: Client) -> None:
    path = "/__admin/positions/A:L:DEFAULT"
    more = [delta("A", "L", 1, f"more{number}") for number in range(4)]
    stocked.send(deltas(*more))

    pages = [
        stocked.http.get(f"{path}?{query}").get_json() for query in ("count=99", "start=5&count=99")
    ]
    refs = [row["ref"] for page in pages for row in page["quantities"]]
    assert [len(page["quantities"]) for page in pages] == [5, 3]
    assert [page["quantitiesTotal"] for page in pages] == [8, 8]
    assert refs[0] == "A:L:DEFAULT:LAST_ON_HAND"
    assert refs[1:] == ["A0", "A1", "A2", "more0", "more1", "more2", "more3"]


def test_many_catalogues_are_not_told_one_by_one(
    make_simulator: MakeSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "MOST_CATALOGUES", 10)
    retailers = tuple(str(number) for number in range(1, 61))
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=retailers)))

    health = client.http.get("/__admin/health").get_json()
    assert (len(health["catalogues"]), health["cataloguesTotal"]) == (10, 60)
    lost = client.send(deltas(delta("A", "L", 1, "d1"), entityRef="DEFAULT:99"))
    assert lost["outcome"].endswith("DEFAULT:19, DEFAULT:20 and 40 more")
