"""What the report says when the simulator is reset while it looks on."""

import threading
import time

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock, timestamp

from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record
from .helpers.conformance_support import EVENT, report, rules


def test_a_reset_between_two_tests_keeps_what_was_found(
    make_simulator: MakeSimulator, clock: VirtualClock
) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none"), clock=clock))
    first = clock.now()
    for number in range(3):
        client.post(EVENT, deltas(delta("A", "L", "x", f"POS-{number}")))
        assert client.http.post("/__admin/reset").status_code == 200
        clock.advance(1_000)

    told = report(client)
    assert (told["verdict"], told["rules"][0]["times"]) == ("failed", 3)
    assert told["counts"]["events"] == 3
    assert told["resets"] == {
        "times": 3,
        "first": timestamp(first),
        "last": timestamp(first + 2_000),
    }
    assert told["notes"][0].startswith("Looked over 3 resets of the simulator, the first at ")
    numbers = [entry["request"]["number"] for entry in told["rules"][0]["examples"]]
    assert numbers == sorted(set(numbers))
    for name in ("text", "junit", "sarif", "github"):
        reply = client.http.get("/__admin/conformance", query_string={"format": name})
        assert "3 resets of the simulator" in reply.get_data(as_text=True)


def test_after_a_reset_the_same_ids_are_new_again(client: Client) -> None:
    for level in (5, 6, 7):
        job = client.job()
        assert job == "1"
        client.load([record("SKU_1", "LOC_1", level)], job=job)
        client.delta("SKU_1", "LOC_1", -level, "POS-1")
        client.settle()
        client.http.post("/__admin/reset")

    told = report(client, select="FOMS-S")
    assert (told["verdict"], told["findings"]) == ("passed", [])


def test_within_a_stream_they_are_not(client: Client) -> None:
    client.http.post("/__admin/reset")
    client.load([record("SKU_1", "LOC_1", 5)])
    client.delta("SKU_1", "LOC_1", -1, "POS-1")
    client.delta("SKU_1", "LOC_1", -2, "POS-1")
    client.http.post("/__admin/reset")

    assert "FOMS-S004" in rules(client)


def test_what_nobody_asked_before_a_reset_is_told_after_it(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 5)])
    assert rules(client)["FOMS-O003"]["first"]["atEnd"]
    client.http.post("/__admin/reset")

    entry = rules(client)["FOMS-O003"]
    assert (entry["times"], entry["first"]["atEnd"]) == (1, True)


def test_a_job_of_before_a_reset_is_not_taken_for_one_of_after_it(
    make_simulator: MakeSimulator,
) -> None:
    simulator = make_simulator(settings=Settings(seed_data="none", retailers=("1", "2")))
    client = Client(simulator)
    examination = simulator.examination
    assert examination is not None
    with examination.examined():  # nobody examines while this lasts
        client.load([record("SKU_1", "LOC_1", 5, retailerId=1)], job=client.job(retailer="1"))
        reset = threading.Thread(target=client.http.post, args=("/__admin/reset",))
        reset.start()
        deadline = time.monotonic() + 60
        while simulator.job_store.find("1") and time.monotonic() < deadline:
            time.sleep(0.005)
    reset.join()
    client.load([record("SKU_1", "LOC_1", 5, retailerId=2)], job=client.job(retailer="2"))

    assert "FOMS-B020" not in rules(client)


def test_a_wrong_wish_for_a_reset_is_refused_and_resets_nothing(client: Client) -> None:
    client.load([record("SKU_1", "LOC_1", 5)])

    reply = client.http.post("/__admin/reset?conformance=forget")

    assert reply.status_code == 400
    assert "expected one of keep, drop" in reply.get_json()["errors"][0]["message"]
    assert client.http.get("/__admin/positions").get_json()["total"] == 1


JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"conformance": "drop"}', JSON),
        ('{"conformance":"drop"}', "Application/JSON; charset=utf-8"),
    ],
)
def test_a_wish_for_a_reset_is_heeded_also_in_the_body(
    client: Client, body: str, kind: str
) -> None:
    client.post(EVENT, deltas(delta("P", "L", 0, "d1")))
    assert report(client)["rules"]

    assert client.http.post("/__admin/reset", data=body, content_type=kind).status_code == 200

    assert report(client)["rules"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/__admin/reset", '{"evidence": "drop"}'),
        ("/__admin/reset", '{"conformance": true}'),
        ("/__admin/conformance/reset", '{"conformance": "drop"}'),
    ],
)
def test_a_wrong_wish_in_the_body_is_refused_and_resets_nothing(
    client: Client, path: str, body: str
) -> None:
    client.load([record("SKU_1", "LOC_1", 5)])

    assert client.http.post(path, data=body, content_type=JSON).status_code == 400
    assert client.http.get("/__admin/positions").get_json()["total"] == 1


@pytest.mark.parametrize("path", ["/__admin/reset", "/__admin/conformance/reset"])
@pytest.mark.parametrize("body", ["", "{}", " {}\n", "null", " " * 100])
def test_a_reset_may_have_a_body_that_says_nothing(client: Client, path: str, body: str) -> None:
    assert client.http.post(path, data=body, content_type=JSON).status_code == 200


def test_what_a_body_names_in_vain_is_told_where_it_stands(client: Client) -> None:
    reply = client.http.post("/__admin/reset", data='{"a": 1}', content_type=JSON)

    (error,) = reply.get_json()["errors"]
    assert "at /a found an unknown parameter" in error["message"]
