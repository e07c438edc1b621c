"""A request that was seen becomes a test, which holds where the platform answers as it did."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from fluent_oms_simulator import FluentOms, FluentServer, MakeFluentOms
from fluent_oms_simulator.client.builders import delta, event

pytest_plugins = ["pytester"]

EVENT = "/api/v4.1/event/async"
JOB = "/api/v4.1/job"
D45 = ("D45", "LOC_MEL")


def sent(world: FluentOms, *deltas: object, path: str = EVENT) -> int:
    """Send deltas; the status of the answer."""
    return world.send("POST", path, event("INVENTORY_DELTA", {"deltas": deltas})).status


def pasted(world: FluentOms, number: int) -> str:
    with urlopen(f"{world.url}/__admin/requests/{number}?as=pytest") as answer:
        text: str = answer.read().decode()
    return text


def run(
    pytester: pytest.Pytester, server: FluentServer, *texts: str, ini: str = ""
) -> pytest.RunResult:
    """Run each as a file of its own."""
    pytester.makeini(f"[pytest]\nfilterwarnings = error\n{ini}")
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(texts)})
    return pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", "--fluent-oms-server", server.url, "--import-mode=importlib"
    )


@pytest.fixture
def used(fluent_oms: FluentOms) -> FluentOms:
    """A world that has met nearly all that a request can be."""
    world = fluent_oms
    world.load({D45: 100})
    sent(world, delta(*D45, -10, "pos-1"), delta(*D45, -1, "pos-2"))
    sent(world, delta(*D45, -10, "pos-1"))
    sent(world, delta(*D45, -3, "pos-3"), path="/api/v4.1/event/sync")
    sent(world, delta("NONE", 'LOC "{x}" \\', -1, "pos-4"), path="/api/v4.1/event/sync")
    sent(world, delta(*D45, 0, "pos-5"))
    job = world.send("POST", JOB, {"name": "night", "retailerId": "1"}).fields["id"]
    counts = [
        {"skuRef": sku, "locationRef": "LOC_MEL", "qty": qty}
        for sku, qty in (("D45", 70), ("D46", 5), ("D46", 5))
    ]
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": counts}
    made = world.send("POST", f"{JOB}/{job}/batch", batch).fields["id"]
    world.settle()
    world.send("GET", f"{JOB}/{job}/batch/{made}?start=0&count=1")
    world.send("GET", f"{JOB}/{job}")
    world.send("GET", f"{JOB}/77")
    last = world.requests.last(operation="sendEvent", status=200).outcome["event"]
    world.send("GET", f"/api/v4.1/event/{last}")
    world.send("GET", "/api/v4.1/event?name=INVENTORY_DELTA")
    world.send("POST", "/graphql", {"query": "{ inventoryPositions { edges { node { ref } } } }"})
    world.send("POST", EVENT, '{"name": "x", "name": "\\ud83d\\ude00", ')
    world.send("POST", EVENT, {"name": "x"}, token=None)
    world.send("POST", "/api/v4.1/évent{job}'\"", b"\xff\x00")
    world.faults.lose_reply(operation="event", nth=1)
    world.faults.status(503, operation="batch", point="before_accept", nth=1)
    sent(world, delta(*D45, -4, "pos-6"))
    world.send("POST", f"{JOB}/{job}/batch", batch)
    world.faults.clear()
    world.clock.advance(days=1)
    world.sign_in()
    world.send("POST", f"{JOB}/{job}/batch", batch)
    return world


def test_each_holds_in_a_world_of_its_own(
    used: FluentOms, pytester: pytest.Pytester, fluent_oms_server: FluentServer
) -> None:
    numbers = [each.number for each in used.requests.query()]
    texts = [pasted(used, number) for number in numbers]

    result = run(pytester, fluent_oms_server, *texts)

    result.assert_outcomes(passed=len(numbers))


def test_bodies_that_no_document_of_python_can_be(
    fluent_oms: FluentOms, pytester: pytest.Pytester, fluent_oms_server: FluentServer
) -> None:
    for body in (
        b"",
        b'{"a":' * 190 + b"1" + b"}" * 190,
        b'{"a":' * 900 + b"1" + b"}" * 900,
        b"[" * 3000,
        b'{"a": NaN}',
        b'{"name": "no retailer"}',
    ):
        assert fluent_oms.send("POST", EVENT, body).status == 400
    numbers = [each.number for each in fluent_oms.requests.query(operation="sendEvent")]
    texts = [pasted(fluent_oms, number) for number in numbers]

    run(pytester, fluent_oms_server, *texts).assert_outcomes(passed=6)


def test_it_fails_where_something_else_comes_of_it(
    used: FluentOms, pytester: pytest.Pytester, fluent_oms_server: FluentServer
) -> None:
    told = [
        pasted(used, used.requests.query(operation="sendEvent")[0].number),
        pasted(used, used.requests.query(operation="sendEventAndWait")[0].number),
        pasted(used, used.requests.query(operation="createBatch")[0].number),
        pasted(used, used.requests.last(operation="getJob").number),
    ]
    changes = [('"qty": -1,', '"qty": -2,'), ("): 86}", "): 85}"), ("DUPLICATE", "APPLIED")]
    changes.append(("status == 404", "status == 200"))
    wrong = [text.replace(*change) for text, change in zip(told, changes, strict=True)]

    assert all(text != other for text, other in zip(told, wrong, strict=True))
    run(pytester, fluent_oms_server, *wrong).assert_outcomes(failed=len(wrong))


def test_how_the_world_differs_stands_above_it(
    pytester: pytest.Pytester, make_fluent_oms: MakeFluentOms, fluent_oms_server: FluentServer
) -> None:
    world = make_fluent_oms(
        account="OTHER", retailers=("7", "8"), behaviours={"delta.duplicate": "reject"}
    )
    world.load({D45: 100})
    for _ in range(2):
        document = event(
            "INVENTORY_DELTA",
            {"deltas": [delta(*D45, -10, "pos-1")]},
            retailer="7",
            catalogue="DEFAULT:7",
        )
        world.send("POST", EVENT, {**document, "accountId": "OTHER"})
    world.settle()
    text = pasted(world, world.requests.last(operation="sendEvent").number)

    assert 'outcome["status"] == "FAILED"' in text
    run(pytester, fluent_oms_server, text).assert_outcomes(passed=1)
    otherwise = text.replace("reject", "upsert")
    run(pytester, fluent_oms_server, otherwise).assert_outcomes(failed=1)


def test_what_cannot_be_sent_again_is_said_so(fluent_oms: FluentOms) -> None:
    fluent_oms.faults.token_refused(operation="sign_in", nth=1)
    fluent_oms.sign_in()
    [refused] = fluent_oms.requests.query()

    with pytest.raises(HTTPError) as found:
        pasted(fluent_oms, refused.number)

    assert found.value.code == 409
    assert "cannot be sent again" in found.value.read().decode()


def test_stock_that_is_not_known_is_not_made_up(fluent_oms: FluentOms) -> None:
    """A position between whose two changes another request came is left to who pastes."""
    fluent_oms.load({D45: 100})
    sent(fluent_oms, delta(*D45, -10, "pos-1"))
    sent(fluent_oms, delta(*D45, -5, "pos-2"))
    sent(fluent_oms, delta(*D45, -10, "pos-1"), delta(*D45, -1, "pos-3"))
    fluent_oms.settle()

    text = pasted(fluent_oms, fluent_oms.requests.last().number)

    assert "the stock of 1 more of its lines is not known, or not plain" in text
    assert "assert_on_hand" not in text
