"""The GraphQL explorer is served whole from this server, and knows how to sign in."""

import re
from contextlib import closing
from html import unescape

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, Simulator, create_app
from werkzeug.test import TestResponse

from ..conftest import MakeSimulator

PAGE = "/__ui/graphql"
STATIC = "/__ui/static"
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
    assert 'id="query"' in reply.text


def scripts(visitor: FlaskClient) -> dict[str, str]:
    """The page's script and all that it imports, by address."""
    waiting = [name for name in loaded(content(visitor, PAGE)) if name.endswith(".js")]
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        found[address] = content(visitor, address)
        imported = re.findall(r'from "\./([\w.]+)"', found[address])
        waiting += {f"{STATIC}/{name}" for name in imported} - found.keys()
    return found


def test_everything_the_page_loads_comes_from_here_with_its_type(visitor: FlaskClient) -> None:
    assets = [address for address in loaded(content(visitor, PAGE)) if address != "data:,"]

    assert len(assets) == 4
    for address in [*assets, *scripts(visitor)]:
        assert address.startswith(STATIC + "/")
        reply = visitor.get(address)
        with closing(reply):
            assert reply.status_code == 200, address
            assert reply.mimetype == TYPES[address.rpartition(".")[2]]


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


def test_the_scripts_ask_only_this_server(visitor: FlaskClient) -> None:
    text = "\n".join(scripts(visitor).values())

    asked = set(re.findall(r"\bask\(([^,]+),", text))
    assert asked == {"address", "`${base}/graphql`", "`${base}/oauth/token`"}
    assert 'const base = location.pathname.split("/__ui/")[0];' in text
    assert text.count("fetch(") == 1
    assert not re.search(r"(https?|wss?):", text)


def test_no_script_reads_an_answer_as_html(visitor: FlaskClient) -> None:
    text = "\n".join(scripts(visitor).values())

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)


def test_the_browser_is_told_to_refuse_other_hosts(visitor: FlaskClient) -> None:
    header = visitor.get(PAGE).headers["Content-Security-Policy"]
    policy = dict(rule.split(" ", 1) for rule in header.split("; "))
    allowed = {source for sources in policy.values() for source in sources.split()}

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert allowed == {"'none'", "'self'", "data:"}
    assert not re.search(r"<script(?![^>]* src=)", content(visitor, PAGE))


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "views.py",
        "..%2f__init__.py",
        "../explorer.py",
        "%2e%2e%2f%2e%2e%2fapp.py",
        "..%5cexplorer.py",
        "../templates/list.html",
        "%2fetc%2fpasswd",
    ],
)
def test_no_other_file_is_served(visitor: FlaskClient, name: str) -> None:
    assert visitor.get(f"{STATIC}/{name}").status_code == 404


def test_what_the_page_fills_in_signs_in(visitor: FlaskClient) -> None:
    assert sign_in(visitor, sign_in_fields(content(visitor, PAGE))).status_code == 200


def test_a_secret_of_the_users_is_not_on_the_page(make_simulator: MakeSimulator) -> None:
    settings = Settings(
        seed_data="none", host="::1", username='"><b>&', password="pa55word", client_secret="s3cret"
    )
    visitor = browser(make_simulator(settings=settings))
    page = content(visitor, PAGE)
    filled = sign_in_fields(page)

    assert "pa55word" not in page
    assert "s3cret" not in page
    assert filled == {
        "client_id": settings.client_id,
        "client_secret": "",
        "username": settings.username,
        "password": "",
    }
    known = {"client_secret": "s3cret", "password": "pa55word"}
    assert sign_in(visitor, filled | known).status_code == 200


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
    assert len(loaded(page)) == 5


def test_every_page_leads_to_the_others(visitor: FlaskClient) -> None:
    html = {"Accept": "text/html"}

    for address in ("/__ui/docs", PAGE, "/__admin"):
        page = visitor.get(address, headers=html).text
        links = re.findall(r'<a (?:class="home" )?href="([^"]+)"', page)
        assert links[:4] == ["/__ui/", "/__ui/docs", "/__ui/graphql", "/__admin"]
        assert {visitor.get(link, headers=html).status_code for link in links[:4]} == {200}
