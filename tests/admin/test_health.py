"""Whether it lives, whether it is ready, how it behaves, and how to start over."""

import time

import pytest
from fluent_oms_simulator import Settings, __version__, build, create_app
from fluent_oms_simulator.behaviour import describe
from fluent_oms_simulator.clock import VirtualClock

from ..api.helpers.replies import Document, of_kind, refusals
from ..conftest import MakeSimulator
from ..support import Client, delta, deltas, record


def get(client: Client, path: str, status: int = 200, **headers: str) -> Document:
    reply = client.http.get(f"/__admin/{path}", headers=headers)
    assert reply.status_code == status
    assert reply.content_type == "application/json"
    body: Document = reply.get_json()
    return body


def test_health_needs_no_credentials_and_counts(client: Client) -> None:
    body = get(client, "health")
    assert (body["status"], body["account"]) == ("ok", "FCTRAIN1001")
    assert body["version"] == __version__
    assert body["catalogues"][0]["positions"] == 0

    client.load([record("A", "L", 1), record("B", "L", 1)])
    client.delta("A", "L", 1, "d")

    body = get(client, "health")
    assert body["catalogues"][0]["positions"] == 2
    assert body["catalogues"][0]["ref"] == "DEFAULT:1"
    assert body["waiting"] == {"events": 0, "batches": 0}
    assert body["eventLog"]["entries"] == 2  # what the batch has raised is one entry


def test_what_came_is_counted_over_resets_and_drops(client: Client) -> None:
    before = get(client, "health")["counts"]
    client.load([record("A", "L", 1), record("B", "L", 1)])
    client.delta("A", "L", 1, "d")
    client.http.delete("/__admin/requests")
    client.http.post("/__admin/reset")
    assert client.get("/api/v4.1/event/none").status_code == 404

    after = get(client, "health")["counts"]
    change = {name: after[name] - before[name] for name in after}
    # A sign-in, a job, its batch, an event, a look at it, and what was not found.
    assert change == {"requests": 6, "failed": 1, "deltas": 1, "records": 2}


def test_health_tells_how_callers_sign_in_and_no_secret_of_the_users(
    make_simulator: MakeSimulator,
) -> None:
    settings = Settings(seed_data="none", password="pa55word", retailers=("1", "2"))
    told = get(Client(make_simulator(settings=settings)), "health")["signIn"]

    assert told["retailers"] == ["1", "2"]
    assert (told["clientId"], told["clientSecret"]) == ("fluent-sim", "fluent-sim-secret")
    assert (told["username"], told["password"]) == ("sim", None)


def test_health_tells_what_is_armed_what_time_it_is_and_how_it_settles(client: Client) -> None:
    client.http.put("/__admin/faults", json={"rules": [{"kind": "no_reply"}, {"kind": "reset"}]})
    client.http.put("/__admin/clock", json={"now": "2026-03-23T00:00:00Z", "frozen": True})
    client.http.put("/__admin/settling", json={"mode": "manual"})

    told = get(client, "health")
    assert told["faults"] == {"rules": 2, "fired": 0}
    assert (told["clock"]["now"], told["clock"]["frozen"]) == (
        "2026-03-23T00:00:00.000+00:00",
        True,
    )
    assert told["settling"] == "manual"


def test_health_tells_how_many_rules_were_found_broken_by_now(client: Client) -> None:
    assert get(client, "health")["conformance"]["errors"] == 0
    client.post("/api/v4.1/event/async", {"name": "INVENTORY_DELTA"})
    report = client.http.get("/__admin/conformance").get_json()  # all has been examined by now

    told = get(client, "health")["conformance"]
    assert report["errors"] > 0
    assert told["errors"] > 0
    assert (told["waiting"], told["notExamined"]) == (0, 0)


def test_health_tells_for_how_many_seconds_it_runs(
    make_simulator: MakeSimulator, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    client = Client(make_simulator(clock=clock))
    assert get(client, "health")["uptime"] == 0

    monkeypatch.setattr(time, "monotonic", lambda: 1_090.9)
    client.http.post("/__admin/reset")

    assert get(client, "health")["uptime"] == 90


def test_a_clock_that_is_moved_makes_it_run_for_no_longer(client: Client) -> None:
    client.http.post("/__admin/clock/advance", json={"days": 30})

    assert get(client, "health")["uptime"] < 10_000


def test_health_shows_what_waits(client: Client) -> None:
    with client.simulator.worker.quiet():
        client.post("/api/v4.1/event/async", deltas(delta("A", "L", 1, "d")))
        client.post("/api/v4.1/event/async", deltas(delta("A", "L", 1, "e")))
        waiting = get(client, "health")["waiting"]["events"]
        # The worker may have taken one in hand already.
        assert waiting in (1, 2)
    client.settle()
    assert get(client, "health")["waiting"]["events"] == 0


def test_ready_once_the_seed_data_is_in() -> None:
    simulator = build(Settings())
    client = Client(simulator)
    assert get(client, "ready", 503) == {"status": "seeding"}
    reply = client.http.get("/__admin/ready")
    assert reply.headers["Retry-After"] == "1"
    assert get(client, "health")["status"] == "ok"

    simulator.start()
    client.settle()
    assert get(client, "ready") == {"status": "ready"}
    assert client.positions()
    simulator.close()


def test_ready_at_once_without_seed_data(client: Client) -> None:
    assert get(client, "ready") == {"status": "ready"}


def test_a_reset_forgets_everything(client: Client) -> None:
    client.load([record("A", "L", 1)])
    client.delta("A", "L", 1, "d")

    reply = client.http.post("/__admin/reset")
    assert (reply.status_code, reply.get_json()) == (200, {"status": "reset"})

    assert client.positions() == []
    assert of_kind("event_log", client.get("/api/v4.1/event"))["results"] == []
    refusals(client.get("/api/v4.1/job/1"), 404)
    assert client.job() == "1"
    assert client.load([record("A", "L", 5)], job="1") == "1"
    assert client.on_hand("A", "L") == 5
    assert set(client.quantities("A", "L")) == {"LAST_ON_HAND"}


def test_a_reset_brings_the_seed_data_back(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings()))
    client.settle()
    before = [(row["ref"], row["onHand"]) for row in client.positions()]
    assert before
    product, location = client.positions()[0]["productRef"], client.positions()[0]["locationRef"]
    client.load([record(product, location, 123_456), record("NEW", "L", 1)])

    client.http.post("/__admin/reset")

    assert get(client, "ready") == {"status": "ready"}
    assert [(row["ref"], row["onHand"]) for row in client.positions()] == before


def test_a_reset_drops_what_waits(client: Client) -> None:
    job = client.job()
    document = {
        "action": "UPSERT",
        "entityType": "INVENTORY",
        "entities": [record(f"P{line}", "L", 1) for line in range(5000)],
    }
    for _ in range(10):
        assert client.post(f"/api/v4.1/job/{job}/batch", document).status_code == 200

    client.http.post("/__admin/reset")
    client.settle()

    assert client.positions() == []
    assert get(client, "health")["waiting"] == {"events": 0, "batches": 0}
    client.load([record("A", "L", 3)], job=client.job())
    assert client.on_hand("A", "L") == 3


def test_every_switch_is_told_with_the_value_in_force(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(delta_duplicate="reject", http_max_body_bytes="4096"))
    rows = {row["name"]: row for row in get(client, "behaviours")["behaviours"]}

    assert list(rows) == [switch.name for switch in describe()]
    for row in rows.values():
        told = {
            *("name", "value", "default", "documented", "values", "effect", "evidence", "fixed")
        }
        assert set(row) == told
        assert row["effect"]
        assert row["evidence"]
    assert rows["delta.duplicate"]["value"] == "reject"
    assert rows["delta.duplicate"]["default"] == "upsert"
    assert rows["delta.duplicate"]["values"] == ["upsert", "reject", "accumulate"]
    assert rows["http.max_body_bytes"]["value"] == "4096"
    assert rows["delta.missing_position"]["value"] == "fail"


ADMIN = [
    ("GET", "/__admin"),
    ("GET", "/__admin/conformance"),
    ("GET", "/__admin/behaviours"),
    ("GET", "/__admin/positions"),
    ("GET", "/__admin/positions/A:L:DEFAULT"),
    ("POST", "/__admin/reset"),
    ("POST", "/__admin/conformance/reset"),
]


@pytest.fixture
def guarded(make_simulator: MakeSimulator) -> Client:
    """A simulator that other machines can reach."""
    settings = Settings(seed_data="none", host="0.0.0.0", admin_token="s3crét")
    return Client(make_simulator(settings=settings))


@pytest.mark.parametrize(("method", "path"), ADMIN)
@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer wrong", "s3cr\xe9t", "Basic s3cr\xe9t"]
)
def test_a_token_is_needed_where_others_can_reach_it(
    guarded: Client, method: str, path: str, given: str | None
) -> None:
    headers = {} if given is None else {"Authorization": given}

    [(code, message)] = refusals(guarded.http.open(path, method=method, headers=headers), 401)
    assert code == "401"
    assert "token" in message
    assert "s3cr" not in message


def test_a_platform_token_does_not_open_the_control_api(guarded: Client) -> None:
    refusals(guarded.http.get("/__admin/positions", headers=guarded.headers), 401)


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_admin_token_opens_the_control_api(make_simulator: MakeSimulator, scheme: str) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0", admin_token="s3cret")
    http = create_app(make_simulator(settings=settings)).test_client()
    headers = {"Authorization": f"{scheme} s3cret"}

    assert http.get("/__admin/health", headers=headers).status_code == 200
    assert http.post("/__admin/reset", headers=headers).status_code == 200


@pytest.mark.parametrize("given", [None, "Bearer wrong"])
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_probes_are_answered_without_the_token_and_told_no_more_than_they_need(
    make_simulator: MakeSimulator, host: str, given: str | None
) -> None:
    settings = Settings(seed_data="none", host=host, admin_token="s3cret")
    client = Client(make_simulator(settings=settings))
    headers = {} if given is None else {"Authorization": given}

    assert get(client, "ready", 200, **headers) == {"status": "ready"}
    assert get(client, "health", 200, **headers).keys() == {"status", "version", "uptime"}
    assert "catalogues" in get(client, "health", Authorization="Bearer s3cret")


def test_a_token_that_was_set_is_needed_on_this_machine_too(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", admin_token="s3cret")
    http = create_app(make_simulator(settings=settings)).test_client()

    refusals(http.get("/__admin/positions"), 401)
    refusals(http.post("/__admin/reset"), 401)


def test_every_call_of_the_control_api_but_two_needs_the_token(guarded: Client) -> None:
    rules = guarded.http.application.url_map.iter_rules()
    open_to_all = {
        rule.rule
        for rule in rules
        if rule.rule.startswith("/__admin")
        for method in (rule.methods or set()) - {"OPTIONS"}
        if guarded.http.open(rule.rule.replace("<ref:ref>", "A"), method=method).status_code != 401
    }

    assert open_to_all == {"/__admin/health", "/__admin/ready"}
