"""Many worlds on one server: each has everything to itself, and nothing of another's."""

import gc
import re
import threading
import weakref
from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, Simulator, create_app
from fluent_oms_simulator.worlds import Worlds
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, record

PATH = "/__admin/namespaces"
NAMED = "X-Fluent-Sim-Namespace"
LAST_SECONDS = {"now": "2026-11-26T23:59:58Z", "frozen": True}


class _Below(FlaskClient):
    """Calls a server below a base path."""

    base = ""

    def open(self, path: str, *args: Any, **kwargs: Any) -> TestResponse:  # type: ignore[override]
        return super().open(self.base + path, *args, **kwargs)


class NamedClient(Client):
    """An integration that has been told the base URL of a namespace, and nothing else."""

    def __init__(self, home: Client, name: str, **wish: object) -> None:
        reply = home.http.put(f"{PATH}/{name}", json=wish)
        assert reply.status_code == 201, reply.get_data(as_text=True)
        self.told: Document = reply.get_json()
        self.simulator = worlds(home.simulator).find(name).simulator
        app = home.http.application
        self.http = _Below(app, app.response_class, use_cookies=True)
        self.http.base = self.told["url"].removeprefix("http://localhost")
        self._authorization = None
        self._jobs = {}


def worlds(simulator: Simulator) -> Worlds[Simulator]:
    assert simulator.worlds is not None
    return simulator.worlds


def sold(client: Client, number: int) -> Document:
    return client.delta("SKU_1", "LOC_1", -1, f"sale-{number}")


def put(client: Client, name: str, wish: object, status: int) -> Document:
    reply = client.http.put(f"{PATH}/{name}", json=wish)
    assert reply.status_code == status, reply.get_data(as_text=True)
    told: Document = reply.get_json()
    return told


def message(reply: TestResponse, status: int) -> str:
    assert reply.status_code == status, reply.get_data(as_text=True)
    return str(reply.get_json()["errors"][0]["message"])


def test_one_that_resets_and_moves_its_clock_is_not_noticed_by_another(client: Client) -> None:
    alpha, beta = NamedClient(client, "alpha"), NamedClient(client, "beta")
    for each in (client, alpha, beta):
        each.load([record("SKU_1", "LOC_1", 100)])
        sold(each, 1)
    before = beta.http.get("/__admin/clock").get_json()["milliseconds"]

    alpha.http.post("/__admin/clock/advance", json={"days": 400})
    alpha.http.post("/__admin/reset?tokens=drop&requests=drop&conformance=drop")
    alpha.forget_token()
    alpha.load([record("SKU_1", "LOC_1", 7)], job=alpha.job())

    assert [each.on_hand("SKU_1", "LOC_1") for each in (client, alpha, beta)] == [99, 7, 99]
    after = beta.http.get("/__admin/clock").get_json()["milliseconds"]
    assert after - before < 86_400_000
    for each in (client, beta):
        assert sold(each, 2)["eventStatus"] == "SUCCESS"
        assert each.on_hand("SKU_1", "LOC_1") == 98
        told = each.http.get("/__admin/requests?deltaId=sale-2").get_json()
        assert len(told["results"]) == 1


def test_workers_with_the_same_refs_at_once_keep_apart(client: Client) -> None:
    workers = [NamedClient(client, f"worker-{number}") for number in range(4)]

    def work(worker: NamedClient, sales: int) -> None:
        for _ in range(3):
            worker.http.post("/__admin/reset")
            worker._jobs.clear()
            worker.load([record("SKU_1", "LOC_1", 100)])
            for number in range(sales):
                sold(worker, number)

    threads = [
        threading.Thread(target=work, args=(worker, number + 1))
        for number, worker in enumerate(workers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [worker.on_hand("SKU_1", "LOC_1") for worker in workers] == [99, 98, 97, 96]


def test_its_body_says_what_it_has_of_its_own(client: Client) -> None:
    alpha = NamedClient(
        client,
        "alpha",
        account="OTHERS",
        retailers=["7", "8"],
        clientId="me",
        clientSecret="mine",
        username="myself",
        password="my own",
        seedData="demo",
        profile="documented",
        behaviours={"delta.duplicate": "accumulate"},
        clock=LAST_SECONDS,
    )

    shown = alpha.http.get("/__admin/health").get_json()
    assert (shown["account"], shown["profile"]) == ("OTHERS", "documented")
    assert [each["ref"] for each in shown["catalogues"]] == ["DEFAULT:7", "DEFAULT:8"]
    assert alpha.http.get("/__admin/clock").get_json()["now"] == "2026-11-26T23:59:58.000+00:00"
    switches = {
        each["name"]: each["value"]
        for each in alpha.http.get("/__admin/behaviours").get_json()["behaviours"]
    }
    assert switches["delta.duplicate"] == "accumulate"
    assert alpha.sign_in().status_code == 200
    assert client.sign_in(client_id="me", client_secret="mine").status_code == 401
    assert alpha.told == client.http.get(f"{PATH}/alpha").get_json()
    assert alpha.told["seedData"] == "demo"
    assert alpha.told["behaviours"] == {"delta.duplicate": "accumulate"}


def test_what_its_body_does_not_say_is_as_on_the_server(make_simulator: MakeSimulator) -> None:
    settings = Settings(account="SERVERS", seed_data="none", retailers=("5",), auth="off")
    home = Client(make_simulator(settings=settings, delta_duplicate="reject"))

    alpha = NamedClient(home, "alpha", behaviours={"delta.zero": "accept"})

    assert alpha.told["account"] == "SERVERS"
    assert alpha.told["retailers"] == ["5"]
    assert alpha.told["auth"] == "off"
    assert alpha.told["behaviours"] == {"delta.duplicate": "reject", "delta.zero": "accept"}


def test_a_request_belongs_to_the_one_that_issued_its_token(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    alpha.load([record("SKU_1", "LOC_1", 100)])

    reply = client.http.post(
        "/api/v4.1/event/sync", json=deltas(delta("SKU_1", "LOC_1", 5, "d1")), headers=alpha.headers
    )

    assert reply.status_code == 200
    assert alpha.on_hand("SKU_1", "LOC_1") == 105
    assert client.positions() == []


def test_a_request_belongs_to_the_one_that_its_header_names(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    alpha.load([record("SKU_1", "LOC_1", 100)])

    found = client.http.get("/__admin/positions", headers={NAMED: "alpha"}).get_json()

    assert [each["onHand"] for each in found["results"]] == [100]


def test_a_path_and_a_header_that_differ_are_refused(client: Client) -> None:
    for name in ("alpha", "beta"):
        put(client, name, {}, 201)

    reply = client.http.get("/__ns/alpha/__admin/positions", headers={NAMED: "beta"})

    assert "the path names" in message(reply, 400).lower()
    same = client.http.get("/__ns/alpha/__admin/positions", headers={NAMED: "alpha"})
    assert same.status_code == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/__ns/nobody/api/v4.1/job/1", {}),
        ("/__ns/nobody", {}),
        ("/__ns/", {}),
        ("/__admin/positions", {NAMED: "nobody"}),
        ("/__ns/alpha/__ns/alpha/", {}),
        ("/__admin/namespaces/nobody", {}),
    ],
    ids=str,
)
def test_what_there_is_not_is_told(client: Client, path: str, headers: Mapping[str, str]) -> None:
    put(client, "alpha", {}, 201)

    assert message(client.http.get(path, headers=dict(headers)), 404)


def test_one_has_none_of_its_own(client: Client) -> None:
    alpha = NamedClient(client, "alpha")

    for reply in (
        alpha.http.get(PATH),
        alpha.http.put(f"{PATH}/beta", json={}),
        alpha.http.delete(f"{PATH}/beta"),
    ):
        assert "no namespaces of its own" in message(reply, 404)


def test_to_make_it_again_in_the_same_way_changes_nothing(client: Client) -> None:
    alpha = NamedClient(client, "alpha", seedData="none")
    alpha.load([record("SKU_1", "LOC_1", 100)])

    put(client, "alpha", {"seedData": "none"}, 200)

    assert alpha.on_hand("SKU_1", "LOC_1") == 100


def test_it_has_faults_and_a_settling_from_its_beginning(client: Client) -> None:
    rule = {"id": "busy", "kind": "status", "status": 503, "match": {"operation": "sendEvent"}}
    faults = {"rules": [rule], "seed": 9}
    wish = {"faults": faults, "settling": {"mode": "manual"}}
    alpha = NamedClient(client, "alpha", **wish)
    again = put(client, "alpha", wish, 200)
    assert (again["url"], again["control"]) == (alpha.told["url"], alpha.told["control"])

    shown = alpha.http.get("/__admin/faults").get_json()
    assert (shown["seed"], [each["id"] for each in shown["rules"]]) == (9, ["busy"])
    assert alpha.post("/api/v4.1/event/async", {}).status_code == 503
    alpha.load([record("SKU_1", "LOC_1", 100)])
    assert alpha.http.get("/__admin/settling").get_json()["held"]["batches"] == 1
    assert client.http.get("/__admin/faults").get_json()["rules"] == []
    assert client.http.get("/__admin/settling").get_json()["mode"] == "immediate"
    put(client, "alpha", {"faults": {"preset": "lost-replies"}}, 409)


def test_stale_reads_from_its_beginning_see_its_seed_data(client: Client) -> None:
    alpha = NamedClient(client, "alpha", seedData="demo", faults={"preset": "stale-reads"})
    query = {"query": "{ inventoryPositions(first: 1) { edges { node { ref } } } }"}
    alpha.settle()

    found = alpha.post("/graphql", query).get_json()["data"]["inventoryPositions"]["edges"]
    assert len(found) == 1


def test_one_that_was_made_otherwise_is_not_replaced(client: Client) -> None:
    put(client, "alpha", {}, 201)

    put(client, "alpha", {"account": "OTHERS"}, 409)

    assert client.http.get(f"{PATH}/alpha").get_json()["account"] == "FCTRAIN1001"


def test_one_that_was_dropped_is_gone_and_can_be_made_anew(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    alpha.load([record("SKU_1", "LOC_1", 100)])

    assert client.http.delete(f"{PATH}/alpha").get_json() == {"status": "dropped", "name": "alpha"}

    assert message(client.http.delete(f"{PATH}/alpha"), 404)
    assert message(alpha.http.get("/__admin/positions"), 404)
    assert NamedClient(client, "alpha", account="OTHERS").positions() == []


@pytest.mark.parametrize(
    ("wish", "pointer", "expected"),
    [
        ([], "", "an object"),
        ({"acount": "x"}, "/acount", "account"),
        ({"account": ""}, "/account", "printable"),
        ({"account": 5}, "/account", "text"),
        ({"retailers": []}, "/retailers", "1"),
        ({"retailers": ["x"]}, "/retailers/0", "a retailer id"),
        ({"retailers": [1]}, "/retailers/0", "a retailer id"),
        ({"profile": "lenient"}, "/profile", "documented"),
        ({"seedData": "/etc/passwd"}, "/seedData", "demo"),
        ({"behaviours": {"delta.duplicat": "x"}}, "/behaviours/delta.duplicat", "delta.duplicate"),
        ({"behaviours": {"delta.duplicate": "x"}}, "/behaviours/delta.duplicate", "upsert"),
        ({"behaviours": {"delta.duplicate": True}}, "/behaviours/delta.duplicate", "text"),
        ({"behaviours": {"http.max_body_bytes": "5"}}, "/behaviours/http.max_body_bytes", "others"),
        ({"clock": {"now": "yesterday"}}, "/clock/now", ""),
        ({"clock": {"now": "1969-12-31T23:59:59Z"}}, "/clock/now", "1970"),
        ({"clock": {"rate": 0}}, "/clock/rate", "0.000001"),
        ({"faults": {}}, "/faults", "either preset or rules"),
        ({"faults": {"preset": "lost"}}, "/faults/preset", "flaky-network"),
        ({"faults": {"rules": [{"kind": "late"}]}}, "/faults/rules/0/delay", "needs"),
        (
            {"faults": {"rules": [{"kind": "reset"}, {"kind": "reset", "point": "poll", "x": 1}]}},
            "/faults/rules/1/x",
            "",
        ),
        (
            {"faults": {"rules": [{"kind": "reset", "id": "a"}] * 2}},
            "/faults/rules/1/id",
            "no other rule",
        ),
        ({"settling": {"mode": "soon"}}, "/settling/mode", "manual"),
        ({"settling": {"mode": "manual", "seed": 1}}, "/settling/seed", "no field but mode"),
        (
            {
                "settling": {"mode": "time", "distribution": "uniform", "from": 2, "to": 1},
                "faults": {"preset": "lost-replies"},
            },
            "/settling/to",
            "at least what /from has",
        ),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_refused_and_nothing_made(
    client: Client, wish: object, pointer: str, expected: str
) -> None:
    reply = client.http.put(f"{PATH}/alpha", json=wish)

    told = message(reply, 400)
    assert pointer in told
    assert expected in told
    assert client.http.get(PATH).get_json()["namespaces"] == []


@pytest.mark.parametrize("name", ["-a", "a b", "a:b", "é", "a" * 65, ".", ".."])
def test_a_name_that_cannot_stand_in_a_path_is_refused(client: Client, name: str) -> None:
    reply = client.http.put(f"{PATH}/{name}", json={})

    assert reply.status_code in (400, 404, 405)
    assert client.http.get(PATH).get_json()["total"] == 0


def test_what_is_wrong_with_a_name_is_told(client: Client) -> None:
    reply = client.http.put(f"{PATH}/a b", json={})

    assert message(reply, 400).startswith(
        "'name' is invalid: in the path found \"a b\", expected 1 to 64"
    )


def test_a_body_that_is_not_declared_to_be_json_makes_nothing(client: Client) -> None:
    reply = client.http.put(f"{PATH}/alpha", data="account=x")

    assert "application/json" in message(reply, 415)
    assert client.http.get(PATH).get_json()["total"] == 0


def test_there_are_no_more_at_once_than_may_be(make_simulator: MakeSimulator) -> None:
    home = Client(make_simulator(settings=Settings(seed_data="none", most_namespaces=2)))
    put(home, "alpha", {}, 201)
    put(home, "beta", {}, 201)

    assert "--most-namespaces" in put(home, "gamma", {}, 409)["errors"][0]["message"]

    home.http.delete(f"{PATH}/alpha")
    put(home, "gamma", {}, 201)


def test_one_that_nobody_calls_is_dropped(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    put(client, "beta", {}, 201)
    beta = worlds(client.simulator).find("beta")
    beta._seen_at -= 601
    worlds(client.simulator).find("alpha")._seen_at -= 601
    alpha.http.get("/__admin/health")

    worlds(client.simulator).drop_idle()

    shown = client.http.get(PATH).get_json()
    assert [each["name"] for each in shown["namespaces"]] == ["alpha"]
    assert shown["droppedIdle"] == 1


def test_they_are_listed_by_name_in_pages(client: Client) -> None:
    for name in ("c", "a", "b"):
        put(client, name, {}, 201)

    shown = client.http.get(f"{PATH}?start=1&count=1").get_json()

    assert (shown["total"], [each["name"] for each in shown["namespaces"]]) == (3, ["b"])


def test_a_reset_of_the_server_leaves_them_alone(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    alpha.load([record("SKU_1", "LOC_1", 100)])

    client.http.post("/__admin/reset")

    assert alpha.on_hand("SKU_1", "LOC_1") == 100


def test_a_request_is_sent_again_to_where_it_was_sent(client: Client) -> None:
    alpha = NamedClient(client, "alpha")
    alpha.load([record("SKU_1", "LOC_1", 100)])
    [job] = alpha.http.get("/__admin/requests?operation=createJob").get_json()["results"]

    command = alpha.http.get(f"/__admin/requests/{job['id']}?as=curl").get_data(as_text=True)

    assert f"{alpha.told['url']}/api/v4.1/job " in command


def test_the_control_api_of_one_wants_the_token_of_the_server(
    make_simulator: MakeSimulator,
) -> None:
    home = make_simulator(settings=Settings(seed_data="none", admin_token="secret"))
    http = create_app(home).test_client()
    known = {"Authorization": "Bearer secret"}

    assert http.put(f"{PATH}/alpha", json={}).status_code == 401
    assert http.put(f"{PATH}/alpha", json={}, headers=known).status_code == 201
    assert http.get("/__ns/alpha/__admin/positions").status_code == 401
    assert http.get("/__ns/alpha/__admin/positions", headers=known).status_code == 200


def test_its_pages_and_descriptions_lead_to_itself(client: Client) -> None:
    alpha = NamedClient(client, "alpha")

    assert alpha.http.get("/openapi.json").get_json()["servers"][0]["url"] == "/__ns/alpha"
    assert alpha.http.get("/__admin/openapi.json").get_json()["servers"][0]["url"] == "/__ns/alpha"
    led = alpha.http.get("/", headers={"Accept": "text/html"})
    assert (led.status_code, led.headers["Location"]) == (302, "/__ns/alpha/__ui/")
    for path in ("/__ui/", "/__ui/docs", "/__ui/graphql"):
        page = alpha.http.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
        links = re.findall(r'(?:href|src)="(/[^"]*)"', page)
        assert links
        assert [each for each in links if not each.startswith("/__ns/alpha/")] == []


def test_one_that_was_dropped_is_gone_from_memory_without_a_collector(client: Client) -> None:
    """A served process hardly ever looks for circles (serving/process.py)."""
    put(client, "alpha", {"seedData": "demo"}, 201)
    named = {NAMED: "alpha"}
    world = weakref.ref(worlds(client.simulator).find("alpha").simulator)
    form = {
        "grant_type": "password",
        "client_id": "fluent-sim",
        "client_secret": "fluent-sim-secret",
        "username": "sim",
        "password": "sim-password",
        "scope": "api",
    }
    token = client.http.post("/oauth/token", data=form, headers=named).get_json()["access_token"]
    signed_in = {**named, "Authorization": f"Bearer {token}"}
    for path, document in (
        ("/api/v4.1/event/sync", deltas(delta("D45", "LOC_MEL", 5, "d1"))),
        ("/api/v4.1/job", {"name": "load", "retailerId": "1"}),
        ("/api/v4.1/job/1/batch", batch(record("SKU_1", "LOC_1", 5))),
        ("/graphql", {"query": "{inventoryPositions(first: 1) {edges {node {ref}}}}"}),
    ):
        assert client.http.post(path, json=document, headers=signed_in).status_code == 200
    for path in ("/__admin/conformance", "/__admin/health", "/__admin/requests"):
        assert client.http.get(path, headers=named).status_code == 200

    gc.disable()
    try:
        client.http.delete(f"{PATH}/alpha")
        assert world() is None
    finally:
        gc.enable()
