"""Every endpoint there is refuses in Fluent's shape, whatever goes wrong."""

import re

import pytest
from fluent_oms_simulator import Settings, create_app
from fluent_oms_simulator.api.edge import respond_error
from fluent_oms_simulator.errors import Fault, Reason, api_error, oauth_error, refused
from werkzeug.routing import Rule

from ..conftest import MakeSimulator
from ..support import Client
from .helpers.replies import INVALID_TOKEN, is_refusal, oauth_refusal, refusals


def rules(client: Client) -> list[tuple[Rule, str]]:
    """Every rule of the application, and a path that it matches."""
    found = list(client.http.application.url_map.iter_rules())
    assert len(found) >= 15
    return [(rule, re.sub(r"<[^>]+>", "nothing", rule.rule)) for rule in found]


def test_every_endpoint_refuses_methods_that_it_lacks(client: Client) -> None:
    for rule, path in rules(client):
        taken = {
            method
            for other, other_path in rules(client)
            if other_path == path
            for method in other.methods or ()
        }
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "FOO"} - taken:
            if method == "GET" and path.startswith("/api/v4.1/event/"):
                continue  # what follows is the id of an event, then
            reply = client.http.open(path, method=method, headers=client.headers)
            refusals(reply, 405)
            assert rule.methods
            assert reply.headers["Allow"]


def test_every_endpoint_under_api_asks_for_a_token(client: Client) -> None:
    walked = 0
    for rule, path in rules(client):
        for method in (rule.methods or set()) - {"HEAD"} if path.startswith("/api") else ():
            reply = client.http.open(path, method=method)
            assert reply.status_code == 401
            assert reply.get_json() == INVALID_TOKEN
            walked += 1
    assert walked >= 9


def test_every_endpoint_answers_an_empty_request_in_one_shape(client: Client) -> None:
    for rule, path in rules(client):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            reply = client.http.open(path, method=method, headers=client.headers)
            assert reply.status_code < 500
            if reply.status_code >= 400:
                assert reply.content_type == "application/json"
                assert is_refusal(reply.get_json()), path


def test_only_the_token_endpoint_has_the_oauth_shape(client: Client) -> None:
    assert oauth_refusal(client.http.post("/oauth/token"))[0] == "invalid_request"
    refusals(client.http.get("/oauth/token"), 405)
    refusals(client.http.post("/oauth/tokens"), 404)


def test_a_path_that_does_not_exist_asks_for_a_token_first(client: Client) -> None:
    assert client.http.post("/api/v4.1/nope").get_json() == INVALID_TOKEN
    refusals(client.post("/api/v4.1/nope", {}), 404)


def test_a_defect_is_told_in_the_same_shape(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(client.simulator.events, "search", broken)
    app = create_app(client.simulator)
    reply = app.test_client().get("/api/v4.1/event", headers=client.headers)

    [(code, message)] = refusals(reply, 500)
    assert code == "500"
    assert "on purpose" not in message
    assert "on purpose" in caplog.text


def test_a_refusal_lists_at_most_100_faults_and_counts_the_rest() -> None:
    faults = [Fault(f"/{number}", "1", "2") for number in range(150)]

    listed = refused(faults[:100], 12_345).reasons

    assert listed[:100] == faults[:100]
    assert listed[100:] == [Reason("400", "... and 12,245 more faults; the first 100 are listed")]
    assert len(refused(faults).reasons) == 101


def test_only_the_edge_makes_bodies_of_refusals(client: Client) -> None:
    fault, no, token = (
        refused([Fault("/0", "1", "2")]),
        api_error(418, "no"),
        oauth_error(400, "invalid_request", "Missing"),
    )

    with create_app(client.simulator).test_request_context():
        bodies = [respond_error(error).get_data() for error in (fault, no, token)]

    assert bodies == [
        b'{"errors":[{"code":"400","message":"\'0\' is invalid: at /0 found 1, expected 2"}]}',
        b'{"errors":[{"code":"418","message":"no"}]}',
        b'{"error":"invalid_request","error_description":"Missing"}',
    ]


@pytest.mark.parametrize("path", ["/openapi.json", "/__ui/docs", "/__admin/health"])
def test_pages_for_people_need_no_token(make_simulator: MakeSimulator, path: str) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none")))

    assert client.http.get(path).status_code == 200
