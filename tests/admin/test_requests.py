"""What callers have sent can be searched, read whole and sent again; no secret is told."""

import json
import shlex
import subprocess
from typing import Any

import pytest
from fluent_oms_simulator import Settings, build, create_app
from fluent_oms_simulator.operations import request_filter

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record

EVENT = "/api/v4.1/event/async"


def seen(client: Client, /, **filters: str) -> list[Document]:
    reply = client.http.get("/__admin/requests", query_string=filters)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    found: list[Document] = reply.get_json()["results"]
    return found


def whole(client: Client, number: object) -> Document:
    answer: Document = client.http.get(f"/__admin/requests/{number}").get_json()
    return answer


@pytest.fixture
def used(client: Client) -> Client:
    """A job, a batch of two records, a delta, a delta for nothing, and one that is refused."""
    client.load([record("D45", "LOC_MEL", 100), record("D46", "LOC_SYD", 5)])
    client.send(deltas(delta("D45", "LOC_MEL", -10, "d1")))
    client.send(deltas(delta("NONE", "LOC_MEL", -1, "d2")))
    client.post(EVENT, deltas(delta("D45", "LOC_MEL", 0, "d3")))
    client.http.delete("/__admin/clock")
    return client


def test_each_is_told_with_what_came_of_it(used: Client) -> None:
    refused, missing, sent, batch, job = [
        one for one in seen(used) if one["method"] == "POST" and "/api/" in one["path"]
    ]

    assert job["outcome"] == {"job": "1"}
    assert batch["outcome"] == {
        "job": "1",
        "batch": "1",
        "status": "COMPLETE",
        "records": {"NEW_POSITION": 2},
    }
    assert sent["operation"] == "sendEvent"
    assert sent["outcome"]["status"] == "SUCCESS"
    assert sent["outcome"]["reason"] == "1 of 1 deltas applied: D45:LOC_MEL:DEFAULT 100 -> 90"
    assert sent["outcome"]["name"] == "INVENTORY_DELTA"
    assert sent["outcome"]["effect"] == {
        "quantities": 1,
        "positions": 1,
        "changed": 1,
        "repeats": 0,
        "stock": [
            {"position": "D45:LOC_MEL:DEFAULT", "before": 100, "after": 90, "isNew": False},
        ],
    }
    assert missing["outcome"]["status"] == "FAILED"
    assert missing["outcome"]["effect"] is None
    assert refused["status"] == 400
    assert "'qty' is invalid" in refused["outcome"]["refused"]


def test_a_delta_that_came_before_is_told_as_a_repeat(client: Client) -> None:
    client.load([record("D45", "LOC_MEL", 100), record("D45", "LOC_SYD", 5)])
    sent = [delta("D45", "LOC_MEL", -10, "d1"), delta("D45", "LOC_SYD", -1, "d2")]
    client.send(deltas(*sent))
    client.send(deltas(delta("D45", "LOC_MEL", -1, "d3"), *sent))

    outcome = seen(client, operation="sendEvent")[0]["outcome"]
    assert outcome["effect"]["repeats"] == 2
    assert outcome["reason"].endswith(
        "; sent again under a deltaId that came before: /attributes/deltas/1 and 1 more"
    )


@pytest.mark.parametrize(
    ("filters", "operations"),
    [
        ({"operation": "createBatch"}, ["createBatch"]),
        ({"operation": "createBatch, createJob"}, ["createBatch", "createJob"]),
        ({"status": "4xx"}, ["sendEvent"]),
        ({"status": "400"}, ["sendEvent"]),
        ({"status": "5xx,400"}, ["sendEvent"]),
        ({"product": "D45"}, ["sendEvent", "sendEvent", "createBatch"]),
        ({"product": "D4"}, []),
        ({"product": "D46", "location": "LOC_SYD"}, ["createBatch"]),
        ({"product": "D46", "location": "LOC_MEL"}, []),
        ({"deltaId": "d1"}, ["sendEvent"]),
        ({"path": "/job/1/batch", "operation": "createBatch"}, ["createBatch"]),
        ({"text": "LOC_SYD"}, ["createBatch"]),
        ({"since": "2999-01-01"}, []),
        ({"until": "1999-01-01"}, []),
        ({"client": "127.0.0.1", "deltaId": "d2"}, ["sendEvent"]),
        ({"client": "another"}, []),
        ({"operation": "sendEvent", "count": "1"}, ["sendEvent"]),
        ({"operation": "sendEvent", "start": "2"}, ["sendEvent"]),
    ],
    ids=str,
)
def test_filters_must_all_hold(
    used: Client, filters: dict[str, str], operations: list[str]
) -> None:
    assert [one["operation"] for one in seen(used, **filters)] == operations


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("operation=createbatch", "createBatch"),
        ("operation=sendEvent,createbatch", "createBatch"),
        ("status=40", "a status such as 400, a class of them such as 4xx, or 0 for no whole reply"),
        ("since=yesterday", "an ISO 8601 time"),
        ("count=0", "a whole number, 1 or more"),
        ("after=x", "a whole number, 0 or more"),
        ("before=-1", "a whole number, 0 or more"),
        ("deltaid=1", "deltaId"),
    ],
)
def test_what_is_no_filter_is_refused(used: Client, query: str, expected: str) -> None:
    reply = used.http.get(f"/__admin/requests?{query}")

    assert reply.status_code == 400
    assert expected in reply.get_json()["errors"][0]["message"]


def test_one_is_shown_whole(used: Client) -> None:
    [found] = seen(used, deltaId="d1")
    shown = whole(used, found["id"])

    assert '"deltaId": "d1"' in shown["sent"]
    assert shown["reply"] == f'{{"id":"{found["outcome"]["event"]}"}}'
    assert shown["replyBytes"] == len(shown["reply"])


def test_those_that_broke_a_rule_are_found(used: Client) -> None:
    used.http.get("/__admin/conformance")  # all was examined then
    broken = seen(used, rule="any")

    assert broken
    assert all(one["rulesBroken"] for one in broken)
    [rule, *_] = broken[0]["rulesBroken"]
    assert broken[0] in seen(used, rule=rule)
    assert broken[0] in seen(used, rule=rule[:6])
    assert seen(used, rule="FOMS-none") == []


def test_those_that_a_fault_has_struck_are_found(used: Client) -> None:
    assert seen(used, fault="any") == []
    rule = {"kind": "status", "status": 503, "match": {"operation": "createJob"}}
    used.http.put("/__admin/faults", json={"rules": [rule]})
    used.post("/api/v4.1/job", {"name": "load", "retailerId": "1"})

    [struck] = seen(used, fault="any")
    assert (struck["operation"], struck["status"]) == ("createJob", 503)
    assert [struck] == seen(used, fault="status")
    assert [struck] == seen(used, fault=struck["outcome"]["faults"][0]["rule"])
    assert seen(used, fault="reset") == []


def test_what_an_event_did_before_a_reset_is_not_told_of_other_positions(used: Client) -> None:
    used.http.post("/__admin/reset")

    assert all("effect" not in one["outcome"] for one in seen(used))


@pytest.mark.parametrize("number", ["0", "99999", "x", "-1", "9" * 400])
def test_one_that_is_not_there_is_told_so(used: Client, number: str) -> None:
    reply = used.http.get(f"/__admin/requests/{number}")

    assert reply.status_code == 404
    assert "are kept" in reply.get_json()["errors"][0]["message"]


def test_rules_that_were_broken_stand_with_the_request(used: Client) -> None:
    used.http.get("/__admin/conformance")

    [found] = seen(used, deltaId="d3")

    assert found["examined"]
    assert found["rulesBroken"] == ["FOMS-E130"]


def test_no_secret_is_told(client: Client) -> None:
    secrets = [client.simulator.settings.client_secret, client.simulator.settings.password]
    client.sign_in()
    client.http.post("/oauth/token?grant_type=password&password=hidden1&client_secret=hidden2")
    token = client.headers["Authorization"].split()[1]
    client.get("/api/v4.1/event")

    told = client.http.get("/__admin/requests").get_data(as_text=True)
    for one in seen(client):
        told += client.http.get(f"/__admin/requests/{one['id']}").get_data(as_text=True)
        for form in ("curl", "pytest"):
            whole = client.http.get(f"/__admin/requests/{one['id']}?as={form}")
            told += whole.get_data(as_text=True)

    for secret in (*secrets, token, "hidden1", "hidden2"):
        assert secret not in told
    assert "redacted" in told


def test_no_secret_can_be_found_by_looking_for_it(client: Client) -> None:
    client.sign_in()
    token = client.headers["Authorization"].split()[1]

    for beginning in (token, token[:8]):
        assert seen(client, text=beginning) == []


def test_a_path_is_told_and_found_in_the_letters_that_were_sent(client: Client) -> None:
    client.get("/api/v4.1/event/%C3%A9%E2%82%AC")

    for filters in ({"path": "é€"}, {"text": "é€"}):
        [found] = seen(client, **filters)
        assert found["path"] == "/api/v4.1/event/é€"


def test_the_report_tells_a_path_in_the_letters_that_were_sent(client: Client) -> None:
    client.post("/api/v4.1/%C3%A9vent/async", {})

    for form in ("json", "text", "markdown"):
        reply = client.http.get(f"/__admin/conformance?format={form}")
        told = str(reply.get_json()) if form == "json" else reply.get_data(as_text=True)
        assert "/api/v4.1/évent/async" in told


def test_the_oldest_are_dropped_and_counted(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "REQUESTS", 3)
    client = Client(make_simulator(settings=Settings(auth="off", seed_data="none")))
    for _ in range(5):
        client.http.get("/api/v4.1/event")

    answer = client.http.get("/__admin/requests").get_json()

    assert (answer["kept"], answer["dropped"]) == (3, 2)
    assert [one["id"] for one in answer["results"]] == [5, 4, 3]
    assert client.http.get("/__admin/requests/2").status_code == 404


def test_large_bodies_push_the_oldest_out_by_their_bytes(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "REQUEST_BYTES", 100_000)
    client = Client(make_simulator())
    for number in range(4):
        client.post(EVENT, {"name": "Any", "retailerId": "1", "more": "x" * 40_000, "n": number})

    assert len(seen(client)) == 2


def test_who_follows_the_traffic_is_told_only_what_is_new(client: Client) -> None:
    client.get("/api/v4.1/event")
    before = client.http.get("/__admin/requests").get_json()["newest"]
    for _ in range(3):
        client.get("/api/v4.1/event")

    page = client.http.get("/__admin/requests", query_string={"after": before, "count": 2})
    told = page.get_json()

    assert [one["id"] for one in told["results"]] == [before + 3, before + 2]
    assert (told["newest"], told["hasMore"]) == (before + 3, True)
    between = {"after": before, "before": before + 2}
    assert [one["id"] for one in seen(client, **between)] == [before + 1]
    nothing = client.http.get(f"/__admin/requests?after={before + 3}").get_json()
    assert (nothing["results"], nothing["newest"], nothing["hasMore"]) == ([], before + 3, False)


def test_who_scrolls_back_has_the_same_pages_whatever_comes_meanwhile(client: Client) -> None:
    for number in range(6):
        client.get(f"/api/v4.1/event/{number}")
    told, before = [], "1000000000"
    while page := seen(client, before=before, count="2", path="/event/"):
        told += [one["id"] for one in page]
        before = str(told[-1])
        client.get("/api/v4.1/event/more")

    assert told == list(range(told[0], told[0] - 6, -1))


def test_cursors_stay_true_when_the_oldest_are_dropped_or_all_forgotten(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "REQUESTS", 3)
    client = Client(make_simulator(settings=Settings(auth="off", seed_data="none")))
    for _ in range(5):
        client.http.get("/api/v4.1/event")

    assert [one["id"] for one in seen(client, after="1")] == [5, 4, 3]
    assert [one["id"] for one in seen(client, after="3", before="5")] == [4]
    assert seen(client, before="3") == []
    client.http.delete("/__admin/requests")
    client.http.get("/api/v4.1/event")
    assert [one["id"] for one in seen(client, after="5")] == [6]
    assert seen(client, before="6") == []


def test_forgotten_they_are_gone_and_the_stock_stays(used: Client) -> None:
    last = seen(used)[0]["id"]

    assert used.http.delete("/__admin/requests").status_code == 200
    assert seen(used) == []
    assert used.on_hand("D45", "LOC_MEL") == 90

    used.get("/api/v4.1/event")
    assert seen(used)[0]["id"] == last + 1


def test_they_are_kept_without_the_rules_too() -> None:
    simulator = build(Settings(conformance="off", auth="off", seed_data="none"))
    client = create_app(simulator).test_client()
    client.get("/api/v4.1/event")

    [found] = client.get("/__admin/requests").get_json()["results"]
    assert (found["operation"], found["rulesBroken"]) == ("findEvents", [])


@pytest.mark.parametrize(
    "document",
    [
        {"name": 'it\'s "quoted" $HOME `x`', "retailerId": "1"},
        {"name": "ümlaut\n", "retailerId": 1},
    ],
    ids=str,
)
def test_the_command_for_curl_sends_the_same_bytes_again(client: Client, document: Any) -> None:
    client.post("/api/v4.1/job", document)
    [found] = seen(client, operation="createJob")
    command = client.http.get(f"/__admin/requests/{found['id']}?as=curl").get_data(as_text=True)

    printed = subprocess.run(
        ["bash", "-c", f'curl() {{ printf "%s\\n" "${{@: -1}}"; }}; {command}'],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert printed.rstrip("\n") == whole(client, found["id"])["sent"]
    assert "Authorization: Bearer $TOKEN" in command


@pytest.mark.parametrize("asked", ["a%20b", "%C3%BC", "a%25b", "it's"])
def test_the_command_for_curl_asks_for_the_same_path_again(client: Client, asked: str) -> None:
    path = f"/api/v4.1/event/{asked}"
    client.get(path)
    [found] = seen(client, operation="getEvent")

    command = client.http.get(f"/__admin/requests/{found['id']}?as=curl").get_data(as_text=True)

    assert shlex.split(command)[4] == f"http://localhost{path}"


@pytest.mark.parametrize(("query", "kept"), [("", True), ("?requests=drop", False)])
def test_a_reset_keeps_them_unless_it_is_told_otherwise(
    used: Client, query: str, kept: bool
) -> None:
    assert used.http.post(f"/__admin/reset{query}").status_code == 200

    assert bool(seen(used)) == kept


@pytest.mark.parametrize(("query", "status"), [("", 200), ("?tokens=drop", 401)])
def test_a_reset_keeps_tokens_unless_it_is_told_otherwise(
    used: Client, query: str, status: int
) -> None:
    used.get("/api/v4.1/event")
    assert used.http.post(f"/__admin/reset{query}").status_code == 200

    assert used.get("/api/v4.1/event").status_code == status


@pytest.mark.parametrize(
    ("written", "name"),
    [(b"caf\\u00e9", "caf\u00e9"), (b"A\\/B", "A/B"), (b"\\u0064\\u0039", "d9")],
)
def test_a_text_is_found_however_it_was_written(client: Client, written: bytes, name: str) -> None:
    body = json.dumps(deltas(delta("D45", "LOC_MEL", -1, "NAME"))).encode()
    client.post(EVENT, body.replace(b"NAME", written))

    assert [one["operation"] for one in seen(client, deltaId=name)] == ["sendEvent"]


def test_a_body_is_taken_apart_only_for_a_ref_that_may_stand_in_it_whole(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for product in ("SKU_1", "SKU_10", "SKU_100", "XSKU_1"):
        client.post(EVENT, deltas(delta(product, "LOC_MEL", -1, f"d-{product}")))
    taken_apart: list[bytes] = []
    lines_of = request_filter.lines_of

    def counted(body: bytes) -> list[Document]:
        taken_apart.append(body)
        return lines_of(body)

    monkeypatch.setattr(request_filter, "lines_of", counted)

    assert len(seen(client, product="SKU_1")) == 1
    assert len(taken_apart) == 1
