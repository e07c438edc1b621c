"""Whoever comes to the door is told what there is."""

import re

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, __version__

from ..api.helpers.replies import refusals
from ..conftest import MakeSimulator
from ..support import Client

DOORS = ("/", "/__ui", "/__ui/", "/__admin", "/__admin/")
LISTS = ("/__admin", "/__admin/")
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def visitor(client: Client) -> FlaskClient:
    return client.http


@pytest.mark.parametrize("path", LISTS)
def test_a_browser_gets_a_page(visitor: FlaskClient, path: str) -> None:
    reply = visitor.get(path, headers=BROWSER)

    assert reply.status_code == 200
    assert reply.mimetype == "text/html"
    assert __version__ in reply.text
    assert "//" not in reply.text
    assert "Accept" in reply.headers["Vary"]
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("path", ["/", "/__ui"])
def test_a_browser_is_led_to_the_window(visitor: FlaskClient, path: str) -> None:
    reply = visitor.get(path, headers=BROWSER)

    assert reply.status_code == 302
    assert reply.headers["Location"] == "/__ui/"
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/plain", ""])
@pytest.mark.parametrize("path", DOORS)
def test_a_program_gets_json(visitor: FlaskClient, path: str, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}
    reply = visitor.get(path, headers=headers)

    assert reply.status_code == 200
    assert reply.mimetype == "application/json"
    assert reply.get_json()["name"] == "fluent-oms-simulator"
    assert reply.get_json()["version"] == __version__


def test_every_link_of_every_page_leads_somewhere(visitor: FlaskClient) -> None:
    for path in LISTS:
        links = re.findall(r'href="(/[^"]*)"', visitor.get(path, headers=BROWSER).text)
        assert len(links) > 4
        for link in links:
            reply = visitor.get(link, headers=BROWSER, follow_redirects=True)
            assert reply.status_code == 200, link
            reply.close()


def test_the_door_lists_fluents_calls_and_the_control_api(visitor: FlaskClient) -> None:
    listed = visitor.get("/").get_json()

    fluents = {(entry["method"], entry["path"]) for entry in listed["fluent"]}
    assert ("POST", "/oauth/token") in fluents
    assert ("GET", "/api/v4.1/job/{jobId}/batch/{batchId}") in fluents
    assert len(fluents) == 11
    assert "/__admin" in {entry["path"] for entry in listed["control"]}
    assert {entry["path"] for entry in listed["pages"]} >= {"/__ui/docs", "/__ui/graphql"}


def test_every_call_of_the_control_api_is_listed_and_described(visitor: FlaskClient) -> None:
    calls = visitor.get("/__admin").get_json()["calls"]

    assert len(calls) >= 9
    for call in calls:
        assert call["about"].endswith("."), call


def test_a_visit_to_the_door_is_no_traffic_to_be_judged(client: Client) -> None:
    for path in DOORS:
        client.http.get(path)

    assert client.simulator.traffic is not None
    assert client.simulator.traffic.received == 0


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/__admin/helth", "/__admin/health"),
        ("/__admin/readiness", "/__admin/ready"),
        ("/api/v4.1/positions", "/__admin/positions"),
        ("/docs", "/__ui/docs"),
        ("/oauth", "/oauth/token"),
        ("/__admin/position", "/__admin/positions"),
        ("/admin/health", "/__admin/health"),
        ("/_admin/reset", "/__admin/reset"),
        ("/health", "/__admin/health"),
        ("/__ui/doc", "/__ui/docs"),
        ("/__ui/graphiql", "/__ui/graphql"),
        ("/openapi.yaml", "/openapi.json"),
        ("/oauth/tokens", "/oauth/token"),
        ("/__admin/conformance/rest", "/__admin/conformance/reset"),
    ],
)
def test_a_path_that_does_not_exist_is_answered_with_the_nearest(
    client: Client, path: str, meant: str
) -> None:
    [(_, message)] = refusals(client.http.get(path, headers=client.headers), 404)

    assert f"did you mean {meant}?" in message
    assert ("lists the control API" in message) == meant.startswith("/__admin")


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/api/v4.1/jobs", "/api/v4.1/job"),
        ("/api/v4.1/job/17/batches", "/api/v4.1/job/{jobId}/batch"),
        ("/api/v41/event/async", "/api/v4.1/event/async"),
    ],
)
def test_so_is_one_of_fluents_to_whoever_may_use_them(
    client: Client, path: str, meant: str
) -> None:
    [(_, message)] = refusals(client.http.post(path, headers=client.headers), 404)

    assert f"did you mean {meant}?" in message


@pytest.mark.parametrize(
    "path", ["/__admin/nosuch", "/__admin/live", "/x", "/../etc/passwd", "/__ui/x/y"]
)
def test_a_path_is_not_taken_for_one_that_only_begins_as_it_does(client: Client, path: str) -> None:
    [(_, message)] = refusals(client.http.get(path, headers=client.headers), 404)

    assert "did you mean" not in message


def test_a_path_like_no_other_is_answered_with_where_to_look(visitor: FlaskClient) -> None:
    [(_, message)] = refusals(visitor.get("/wp-login.php"), 404)

    assert message == "There is no path /wp-login.php. GET / lists what there is."


def test_where_a_token_is_needed_the_control_apis_list_needs_it_too(
    make_simulator: MakeSimulator,
) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0", admin_token="t0ken")
    client = Client(make_simulator(settings=settings))

    refusals(client.http.get("/__admin", headers=BROWSER), 401)
    assert client.http.get("/__ui/", headers=BROWSER).status_code == 200
