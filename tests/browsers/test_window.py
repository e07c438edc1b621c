"""The window is served whole from this server, under a policy that lets nothing else in."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from fluent_oms_simulator import Settings, __version__
from fluent_oms_simulator.look.style_sheet import STYLE_SHEET

from ..conftest import MakeSimulator
from ..support import Client

STATIC = Path(__file__).parents[2] / "simulator" / "ui" / "static"
MODULES = sorted(path.name for path in (STATIC / "window").glob("*.js"))
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
SHEETS = sorted(path.name for path in (STATIC / "window").glob("*.css"))
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def visitor(client: Client) -> FlaskClient:
    return client.http


def test_the_page_lets_nothing_in_but_its_own_files(visitor: FlaskClient) -> None:
    reply = visitor.get("/__ui/", headers=BROWSER)

    assert reply.status_code == 200
    assert __version__ in reply.text
    told = reply.headers["Content-Security-Policy"]
    assert dict(rule.split(" ", 1) for rule in told.split("; ")) == POLICY


def test_nothing_is_written_into_the_page_that_the_policy_would_refuse(
    visitor: FlaskClient,
) -> None:
    page = visitor.get("/__ui/", headers=BROWSER).text

    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert "//" not in page


def test_every_module_and_sheet_is_named_in_the_page_and_served(visitor: FlaskClient) -> None:
    page = visitor.get("/__ui/", headers=BROWSER).text
    named = re.findall(r'<link rel="(?:modulepreload|stylesheet)" href="([^"]+)"', page)

    assert {f"/__ui/static/window/{name}" for name in [*MODULES, *SHEETS]} <= set(named)
    assert named[0] == "/__ui/static/look.css"
    for address in named:
        reply = visitor.get(address)
        with closing(reply):
            assert reply.status_code == 200, address
            kind = "text/css" if address.endswith(".css") else "text/javascript"
            assert reply.mimetype == kind


@pytest.mark.parametrize("name", SHEETS)
def test_a_style_sheet_is_short_fetches_nothing_and_has_no_colour_that_all_have(name: str) -> None:
    text = (STATIC / "window" / name).read_text("utf-8")
    shared = set(re.findall(r"^ +(--[\w-]+):", STYLE_SHEET.read_text("utf-8"), re.MULTILINE))

    assert len(text.splitlines()) < 300
    assert not re.search(r"url\(|@import", text)
    assert shared.isdisjoint(re.findall(r"(--[\w-]+):", text))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_short_asks_no_other_server_and_makes_no_markup(name: str) -> None:
    text = (STATIC / "window" / name).read_text("utf-8")

    assert len(text.splitlines()) < 250
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
    assert set(re.findall(r"(?:https?|wss?)://[\w.]+", text)) <= {"http://www.w3.org"}
    for imported in re.findall(r'from "([^"]+)"', text):
        assert (STATIC / "window" / imported).is_file(), imported


def test_only_one_module_sends_anything() -> None:
    texts = {name: (STATIC / "window" / name).read_text("utf-8") for name in MODULES}

    assert {name for name, text in texts.items() if "fetch(" in text} == {"control.js"}


def test_a_world_has_a_page_of_its_own(visitor: FlaskClient) -> None:
    assert visitor.put("/__admin/namespaces/mine").status_code == 201

    page = visitor.get("/__ns/mine/__ui/", headers=BROWSER).text
    assert 'src="/__ns/mine/__ui/static/window/window.js"' in page
    led = visitor.get("/__ns/mine/", headers=BROWSER)
    assert led.headers["Location"] == "/__ns/mine/__ui/"


def test_a_secret_of_the_users_is_not_on_the_page(make_simulator: MakeSimulator) -> None:
    settings = Settings(seed_data="none", password="pa55word", admin_token="t0ken")
    client = Client(make_simulator(settings=settings))

    page = client.http.get("/__ui/", headers=BROWSER).text
    assert "pa55word" not in page
    assert "t0ken" not in page
