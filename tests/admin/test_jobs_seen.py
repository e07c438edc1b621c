"""Jobs and batches are listed with what came of their records, and how long it took."""

from typing import Any

import pytest
from fluent_oms_simulator.clock import VirtualClock
from fluent_oms_simulator.domain.jobs import InventoryBatch
from fluent_oms_simulator.operations import jobs_seen

from ..conftest import MakeSimulator
from ..support import Client, batch, record


def rows(client: Client, path: str, **query: str) -> list[Any]:
    reply = client.http.get(f"/__admin/{path}", query_string=query)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: list[Any] = reply.get_json()["results"]
    return found


@pytest.fixture
def client(make_simulator: MakeSimulator, clock: VirtualClock) -> Client:
    return Client(make_simulator(clock=clock))


def test_a_job_without_a_batch_is_listed_too(client: Client, clock: VirtualClock) -> None:
    client.job()
    clock.advance(1_000)
    client.job(preprocessing="skip")

    newest, oldest = rows(client, "jobs")

    assert (newest["id"], oldest["id"]) == ("2", "1")
    assert newest["batches"] == {"total": 0, "PENDING": 0, "RUNNING": 0, "COMPLETE": 0}
    assert (newest["status"], newest["preprocessing"]) == ("OPEN", False)
    assert newest["firstBatchOn"] is newest["lastBatchOn"] is newest["lastVisibleOn"] is None
    assert client.http.get(f"/__admin/requests/{newest['request']}").get_json()["outcome"] == {
        "job": "2"
    }
    clock.advance(86_400_000)
    assert [row["status"] for row in rows(client, "jobs")] == ["CLOSED", "CLOSED"]


def test_records_are_told_by_what_came_of_them(client: Client, clock: VirtualClock) -> None:
    client.load([record("D45", "LOC_MEL", 1), record("D45", "LOC_MEL", 1)])
    clock.advance(60_000)
    client.load(
        [
            record("D45", "LOC_MEL", 1),
            record("D46", "LOC_MEL", 2),
            {**record("D47", "L", 3), "ref": "D45:LOC_MEL:DEFAULT:LAST_ON_HAND"},
        ]
    )

    [job] = rows(client, "jobs")
    second, first = rows(client, "batches", job="1")

    none = dict.fromkeys(("applied", "unchanged", "duplicate", "failed", "noMatch", "waiting"), 0)
    assert first["records"] == none | {"applied": 1, "duplicate": 1}
    assert second["records"] == none | {"applied": 1, "unchanged": 1, "failed": 1}
    assert job["records"] == none | {"applied": 2, "unchanged": 1, "duplicate": 1, "failed": 1}
    assert job["counted"] == job["batches"]["COMPLETE"] == 2
    assert (job["firstBatchOn"], job["lastBatchOn"]) == (first["acceptedOn"], second["acceptedOn"])
    assert len(second["reasons"]) == 1
    assert "quantity ref" in second["reasons"][0]
    told = client.http.get(f"/__admin/requests/{second['request']}").get_json()
    assert told["outcome"]["batch"] == second["id"]


def test_it_is_told_how_long_it_took_until_all_was_visible(
    client: Client, clock: VirtualClock
) -> None:
    client.http.put("/__admin/settling", json={"mode": "manual"})
    client.post(f"/api/v4.1/job/{client.job()}/batch", batch(record("D45", "LOC_MEL", 1)))
    [waiting] = rows(client, "batches", status="PENDING,RUNNING")
    clock.advance(2_500)
    client.http.post("/__admin/settle", json={})
    [complete] = rows(client, "batches", status="COMPLETE")

    assert (waiting["done"], waiting["size"], waiting["visibleOn"]) == (0, 1, None)
    assert waiting["millisecondsToVisible"] is None
    assert waiting["records"]["waiting"] == 1
    assert (complete["done"], complete["millisecondsToVisible"]) == (1, 2_500)
    assert rows(client, "batches", status="PENDING") == []


def test_lists_are_paged(client: Client) -> None:
    for _ in range(3):
        client.load([record("D45", "LOC_MEL", 1)], job=client.job())

    for path in ("jobs", "batches"):
        pages = [
            client.http.get(
                f"/__admin/{path}", query_string={"start": start, "count": 2}
            ).get_json()
            for start in (0, 2)
        ]
        assert [[row["id"] for row in page["results"]] for page in pages] == [["3", "2"], ["1"]]
        assert [page["hasMore"] for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("query", "status", "told"),
    [
        ("status=COMPLETED", 400, "expected COMPLETE"),
        ("status=PENDING,x", 400, "one of PENDING, RUNNING, COMPLETE"),
        ("job=77", 404, "There is no job '77'"),
        ("job=01", 404, "There is no job '01'"),
        ("jobs=1", 400, "job"),
    ],
)
def test_what_there_is_not_is_refused(client: Client, query: str, status: int, told: str) -> None:
    reply = client.http.get(f"/__admin/batches?{query}")

    assert reply.status_code == status
    assert told in reply.get_json()["errors"][0]["message"]


def test_no_more_batches_are_counted_than_a_call_can(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_seen, "MOST_COUNTED", 3)
    counted: list[int] = []

    def looks(batches: Any) -> dict[str, int]:
        listed: list[InventoryBatch] = list(batches)
        counted.extend(each.number for each in listed)
        return {"applied": len(listed)}

    monkeypatch.setattr(jobs_seen, "fates_of", looks)
    for job in (client.job(), client.job()):
        for number in range(2):
            client.load([record("D45", "LOC_MEL", number)], job=job)

    assert [(row["counted"], row["batches"]["total"]) for row in rows(client, "jobs")] == [
        (2, 2),
        (1, 2),
    ]
    assert counted == [4, 3, 2]
