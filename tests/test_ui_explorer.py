"""The GraphQL explorer is served whole from this server, and knows how to sign in."""

import re
from contextlib import closing
from html import unescape

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, Simulator, create_app
from werkzeug.test import TestResponse

from .conftest import MakeSimulator

PAGE = "/__ui/graphql"
TYPES = {"css": "text/css", "js": "text/javascript"}


def browser(simulator: Simulator) -> FlaskClient:
    return create_app(simulator).test_client()


@pytest.fixture
def visitor(simulator: Simulator) -> FlaskClient:
    return browser(simulator)


def content(visitor: FlaskClient, address: str) -> str:
    reply = visitor.get(address)
    with closing(reply):
        assert reply.status_code == 200, address
        return reply.text


def loaded(page: str) -> list[str]:
    """What a browser fetches for the page."""
    found = re.findall(r'<(?:script|img)[^>]* src="([^"]+)"', page)
    return found + re.findall(r'<link[^>]* href="([^"]+)"', page)


def sign_in_fields(page: str) -> dict[str, str]:
    fields = re.findall(r'<input name="(\w+)" type="\w+" value="([^"]*)"', page)
    return {name: unescape(value) for name, value in fields}


def sign_in(visitor: FlaskClient, fields: dict[str, str]) -> TestResponse:
    return visitor.post("/oauth/token", data={"grant_type": "password", **fields})


@pytest.mark.parametrize("address", [PAGE, PAGE + "/"])
def test_the_page_is_served_without_a_token(visitor: FlaskClient, address: str) -> None:
    reply = visitor.get(address)

    assert reply.status_code == 200
    assert reply.mimetype == "text/html"
    assert 'id="explorer"' in reply.text


def test_everything_the_page_loads_comes_from_here_with_its_type(visitor: FlaskClient) -> None:
    assets = [address for address in loaded(content(visitor, PAGE)) if address != "data:,"]

    assert len(assets) == 8
    for address in assets:
        assert address.startswith(PAGE + "/")
        reply = visitor.get(address)
        with closing(reply):
            assert reply.status_code == 200, address
            assert reply.mimetype == TYPES[address.rpartition(".")[2]]
            assert len(reply.data) > 500, address


def test_no_address_in_the_page_leads_outside(visitor: FlaskClient) -> None:
    page = content(visitor, PAGE)

    assert "//" not in page
    assert set(re.findall(r'(?:href|src|action)="(?!/)([^"]*)"', page)) == {"data:,"}


def test_no_style_sheet_fetches_anything(visitor: FlaskClient) -> None:
    sheets = [name for name in loaded(content(visitor, PAGE)) if name.endswith(".css")]

    assert len(sheets) == 3
    for address in sheets:
        style = content(visitor, address)
        fetched = re.findall(r"url\(\s*[\"']?(?!data:)([^)]{0,80})", style)
        assert fetched == [], address
        assert "@import" not in style


def test_the_own_script_asks_only_this_server(visitor: FlaskClient) -> None:
    script = content(visitor, PAGE + "/explorer.js")

    assert set(re.findall(r"fetch\(([^,]+),", script)) == {'"/graphql"', '"/oauth/token"'}
    assert not re.search(r"(https?|wss?):", script)


def test_the_browser_is_told_to_refuse_other_hosts(visitor: FlaskClient) -> None:
    header = visitor.get(PAGE).headers["Content-Security-Policy"]
    policy = dict(rule.split(" ", 1) for rule in header.split("; "))
    allowed = {source for sources in policy.values() for source in sources.split()}

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert allowed == {"'none'", "'self'", "'unsafe-inline'", "data:"}
    assert not re.search(r"<script(?![^>]* src=)", content(visitor, PAGE))


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "graphql-ws.min.js",
        "views.py",
        "..%2f__init__.py",
        "../explorer.py",
        "%2e%2e%2f%2e%2e%2fviews.py",
        "..%5cexplorer.py",
        "static/explorer.js",
        "%2fetc%2fpasswd",
    ],
)
def test_no_other_file_is_served(visitor: FlaskClient, name: str) -> None:
    assert visitor.get(f"{PAGE}/{name}").status_code == 404


def test_what_the_page_fills_in_signs_in_where_only_this_machine_sees_it(
    make_simulator: MakeSimulator,
) -> None:
    visitor = browser(
        make_simulator(settings=Settings(seed_data="none", password='"><script>&', host="::1"))
    )

    assert sign_in(visitor, sign_in_fields(content(visitor, PAGE))).status_code == 200


def test_the_page_tells_other_machines_no_credentials(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", host="0.0.0.0")
    page = content(browser(make_simulator(settings=settings)), PAGE)

    assert sign_in_fields(page) == dict.fromkeys(
        ("client_id", "client_secret", "username", "password"), ""
    )
    assert settings.client_secret not in page
    assert settings.password not in page


def test_nobody_is_asked_to_sign_in_when_calls_need_no_token(
    make_simulator: MakeSimulator,
) -> None:
    page = content(browser(make_simulator(settings=Settings(seed_data="none", auth="off"))), PAGE)

    assert "sign-in" not in page
    assert sign_in_fields(page) == {}
    assert len(loaded(page)) == 9


def test_the_two_pages_lead_to_each_other(visitor: FlaskClient) -> None:
    [to_docs] = re.findall(r'<a href="([^"]+)">REST API', content(visitor, PAGE))
    [to_explorer] = re.findall(r'href="([^"]+)">GraphQL', content(visitor, to_docs))

    assert "SwaggerUIBundle" in content(visitor, to_docs)
    assert 'id="explorer"' in content(visitor, to_explorer)
