"""What a page of somebody else's site can make its visitor's browser do here: nothing."""

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, create_app

from ..api.helpers.replies import refusals
from ..conftest import MakeSimulator
from ..support import Client, record

OWN_PATHS = (
    "/",
    "/openapi.json",
    "/__ui",
    "/__ui/docs",
    "/__ui/graphql",
    "/__admin",
    "/__admin/health",
    "/__admin/ready",
    "/__admin/positions",
    "/__admin/behaviours",
    "/__admin/conformance",
)
CHANGES = ("/__admin/reset", "/__admin/conformance/reset")
FOREIGN_HOSTS = (
    "evil.example",
    "evil.example:4141",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "0.0.0.0:4141",
    "192.168.1.7",
    "localhost evil.example",
    "evil.example@localhost",
    "[::1].evil.example",
    "",
)
OWN_HOSTS = ("localhost", "LOCALHOST:9", "sim.localhost", "127.0.0.1:4141", "127.9.9.9", "[::1]:80")
FOREIGN_PAGES: tuple[dict[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost@evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
)


@pytest.fixture
def visitor(client: Client) -> FlaskClient:
    return client.http


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", OWN_PATHS)
def test_a_name_that_is_not_this_machines_reads_nothing(
    visitor: FlaskClient, path: str, host: str
) -> None:
    [(_, message)] = refusals(visitor.get(path, headers={"Host": host}), 403)

    assert "Host is " in message
    assert "localhost" in message


@pytest.mark.parametrize("path", CHANGES)
def test_a_name_that_is_not_this_machines_changes_nothing(client: Client, path: str) -> None:
    client.load([record("A", "L", 1)])

    refusals(client.http.post(path, headers={"Host": "evil.example"}), 403)

    assert client.on_hand("A", "L") == 1


@pytest.mark.parametrize("host", OWN_HOSTS)
@pytest.mark.parametrize("path", OWN_PATHS)
def test_every_name_of_this_machine_is_answered(visitor: FlaskClient, path: str, host: str) -> None:
    assert visitor.get(path, headers={"Host": host}).status_code == 200


def test_the_name_that_it_was_started_with_is_answered(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", host="Sim.Internal")
    http = create_app(make_simulator(settings=settings)).test_client()

    assert http.get("/__admin", headers={"Host": "sim.internal:4141"}).status_code == 200
    refusals(http.get("/__admin", headers={"Host": "other.internal"}), 403)


def test_where_a_token_protects_it_any_name_is_answered(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0", admin_token="t0ken")
    http = create_app(make_simulator(settings=settings)).test_client()
    host = {"Host": "sim.example"}

    assert http.get("/__ui", headers=host).status_code == 200
    assert http.get("/__admin/health", headers=host).status_code == 200
    refusals(http.get("/__admin/positions", headers=host), 401)
    known = {**host, "Authorization": "Bearer t0ken"}
    assert http.get("/__admin/positions", headers=known).status_code == 200


def test_open_to_others_without_a_token_only_names_of_this_machine_are_answered(
    make_simulator: MakeSimulator,
) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0")
    http = create_app(make_simulator(settings=settings)).test_client()

    refusals(http.get("/__admin/positions", headers={"Host": "192.168.1.7"}), 403)
    assert http.get("/__admin/positions", headers={"Host": "localhost"}).status_code == 200


def test_every_path_that_is_not_fluents_is_guarded(client: Client) -> None:
    rules = [
        rule
        for rule in client.http.application.url_map.iter_rules()
        if not rule.rule.startswith(("/api/", "/graphql", "/oauth/token"))
    ]

    assert len(rules) > 10
    for rule in rules:
        path = rule.rule.replace("<ref:ref>", "A:L:DEFAULT").replace("<name>", "index.css")
        for method in (rule.methods or set()) - {"OPTIONS"}:
            reply = client.http.open(path, method=method, headers={"Host": "evil.example"})
            assert reply.status_code == 403, (method, path)


@pytest.mark.parametrize("path", ["//__admin/reset", "/__admin//reset", "/%5f_admin/reset"])
def test_no_spelling_of_a_path_gets_past(client: Client, path: str) -> None:
    client.load([record("A", "L", 1)])

    reply = client.http.post(path, headers={"Host": "evil.example"})

    assert reply.status_code in (403, 404)
    assert client.on_hand("A", "L") == 1


@pytest.mark.parametrize("path", ["/oauth/token", "/graphql", "/api/v4.1/event/async"])
def test_fluents_paths_answer_under_a_vendors_host_name(client: Client, path: str) -> None:
    reply = client.http.post(
        path, headers={"Host": "fctrain1001.sandbox.api.fluentretail.com", **client.headers}
    )

    assert reply.status_code != 403


@pytest.mark.parametrize("path", ["/oauth/token", "/graphql", "/api/v4.1/event/async"])
def test_a_page_under_a_name_that_was_pointed_here_cannot_sign_in_or_send(
    client: Client, path: str
) -> None:
    page = {"Host": "evil.example:4141", "Origin": "http://evil.example:4141"}

    [(_, message)] = refusals(client.http.post(path, headers={**page, **client.headers}), 403)

    assert "no name of this machine" in message


@pytest.mark.parametrize("page", FOREIGN_PAGES)
@pytest.mark.parametrize("path", CHANGES)
def test_a_foreign_page_changes_nothing(client: Client, path: str, page: dict[str, str]) -> None:
    client.load([record("A", "L", 1)])

    [(_, message)] = refusals(client.http.post(path, headers=page), 403)

    assert "may not change anything" in message
    assert "--admin-cors-origin" in message
    assert client.on_hand("A", "L") == 1


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://localhost:80", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://localhost:4141", "Host": "localhost:4141"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Mode": "cors"},
    ],
)
def test_programs_and_its_own_pages_may_change_things(
    visitor: FlaskClient, page: dict[str, str]
) -> None:
    assert visitor.post("/__admin/reset", headers=page).status_code == 200


def test_a_page_that_was_let_in_may_change_things(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", admin_cors_origins=("https://dash.example",))
    http = create_app(make_simulator(settings=settings)).test_client()
    page = {"Origin": "https://dash.example", "Sec-Fetch-Site": "cross-site"}

    reply = http.post("/__admin/reset", headers=page)

    assert reply.status_code == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "https://dash.example"
    refusals(http.post("/__admin/reset", headers={"Origin": "https://dash.example:8443"}), 403)


@pytest.mark.parametrize(
    "page",
    [{"Origin": "null"}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://evil.example:4141"}],
    ids=["an origin it hides", "no origin", "its own origin"],
)
def test_a_page_under_a_foreign_name_of_this_machine_cannot_sign_in(
    visitor: FlaskClient, page: dict[str, str]
) -> None:
    """DNS rebinding: what everybody knows must not let such a page in."""
    known = Settings()
    form = {
        "grant_type": "password",
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "username": known.username,
        "password": known.password,
    }
    reply = visitor.post("/oauth/token", data=form, headers={"Host": "evil.example:4141", **page})

    assert reply.status_code == 403
    assert "access_token" not in reply.get_data(as_text=True)
