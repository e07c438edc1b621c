"""Which pages may call from a browser: it asks first, and is answered."""

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, create_app
from werkzeug.test import TestResponse

from ..api.helpers.replies import refusals
from ..conftest import MakeSimulator
from ..support import Client

LOCAL_PAGE = "http://localhost:3000"
FLUENTS = (
    ("POST", "/oauth/token"),
    ("POST", "/api/v4.1/event/async"),
    ("GET", "/api/v4.1/event"),
    ("GET", "/api/v4.1/job/1/batch/1"),
    ("POST", "/graphql"),
)


def preflight(http: FlaskClient, path: str, origin: str, method: str = "POST") -> TestResponse:
    return http.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        },
    )


def browser(make_simulator: MakeSimulator, **settings: tuple[str, ...]) -> FlaskClient:
    chosen = Settings(seed_data="none", **settings)  # type: ignore[arg-type]
    return create_app(make_simulator(settings=chosen)).test_client()


@pytest.mark.parametrize(("method", "path"), FLUENTS)
def test_a_page_of_this_machine_may_use_fluents_paths(
    client: Client, method: str, path: str
) -> None:
    reply = preflight(client.http, path, LOCAL_PAGE, method)

    assert reply.status_code == 204
    assert reply.data == b""
    assert reply.headers["Access-Control-Allow-Origin"] == LOCAL_PAGE
    assert method in reply.headers["Access-Control-Allow-Methods"].split(", ")
    assert reply.headers["Access-Control-Allow-Headers"] == "authorization,content-type"
    assert "Origin" in reply.headers["Vary"]


@pytest.mark.parametrize(("method", "path"), FLUENTS)
@pytest.mark.parametrize("origin", ["https://app.example", "null", "http://localhost.evil.example"])
def test_another_page_may_not(client: Client, method: str, path: str, origin: str) -> None:
    reply = preflight(client.http, path, origin, method)

    [(_, message)] = refusals(reply, 403)
    assert "--cors-origin" in message
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_answers_and_refusals_alike_may_be_read_by_the_page(client: Client) -> None:
    page = {"Origin": LOCAL_PAGE}

    for reply in (
        client.http.get("/api/v4.1/event", headers={**page, **client.headers}),
        client.http.get("/api/v4.1/event", headers=page),
        client.http.post("/oauth/token", headers=page),
    ):
        assert reply.headers["Access-Control-Allow-Origin"] == LOCAL_PAGE
        assert "Retry-After" in reply.headers["Access-Control-Expose-Headers"]


def test_to_a_page_that_may_not_read_the_answer_says_nothing_of_it(client: Client) -> None:
    reply = client.http.post("/oauth/token", headers={"Origin": "https://app.example"})

    assert "Access-Control-Allow-Origin" not in reply.headers


def test_a_browsers_question_is_no_traffic_to_be_judged(client: Client) -> None:
    preflight(client.http, "/graphql", LOCAL_PAGE)
    preflight(client.http, "/graphql", "https://app.example")

    assert client.simulator.traffic is not None
    assert client.simulator.traffic.received == 0


def test_a_program_sees_none_of_it(client: Client) -> None:
    reply = client.get("/api/v4.1/event")

    assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]
    assert "Vary" not in reply.headers


@pytest.mark.parametrize("path", ["/__admin/reset", "/__admin/positions", "/", "/__ui/docs"])
@pytest.mark.parametrize("origin", [LOCAL_PAGE, "https://app.example"])
def test_the_control_api_and_the_pages_are_for_no_other_page(
    client: Client, path: str, origin: str
) -> None:
    [(_, message)] = refusals(preflight(client.http, path, origin), 403)

    assert "--admin-cors-origin" in message


def test_the_control_api_is_for_the_pages_that_were_let_in(make_simulator: MakeSimulator) -> None:
    http = browser(make_simulator, admin_cors_origins=("https://dash.example",))

    reply = preflight(http, "/__admin/reset", "https://dash.example")

    assert reply.status_code == 204
    assert reply.headers["Access-Control-Allow-Methods"].split(", ").count("POST") == 1
    refusals(preflight(http, "/__admin/reset", LOCAL_PAGE), 403)


@pytest.mark.parametrize(
    ("chosen", "origin", "allowed"),
    [
        (("off",), LOCAL_PAGE, False),
        (("any",), "https://app.example", True),
        (("any",), "null", True),
        (("local",), "https://[::1]:8443", True),
        (("local",), "ftp://localhost", False),
        (("https://app.example",), "https://app.example", True),
        (("https://app.example",), "http://app.example", False),
        (("https://app.example",), LOCAL_PAGE, False),
        (("local", "https://app.example"), LOCAL_PAGE, True),
    ],
)
def test_who_may_is_a_setting(
    make_simulator: MakeSimulator, chosen: tuple[str, ...], origin: str, allowed: bool
) -> None:
    http = browser(make_simulator, cors_origins=chosen)

    reply = preflight(http, "/graphql", origin)

    assert reply.status_code == (204 if allowed else 403)
