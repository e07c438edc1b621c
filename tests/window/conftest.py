"""The window in a real browser, before a simulator that has something to show."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fluent_oms_simulator import FluentOms
from playwright.sync_api import Browser, sync_playwright

from .helpers.busy_world import keep_busy
from .helpers.seen_page import SeenPage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
OpenPage = Callable[..., SeenPage]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file: while it is open an event loop runs, which other tests must not meet."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture
def world(fluent_oms: FluentOms) -> FluentOms:
    """One of the test's own in which something has happened."""
    keep_busy(fluent_oms, rounds=2)
    return fluent_oms


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens pages; at the end none of them has complained, or asked another host for anything."""
    opened: list[SeenPage] = []
    with ExitStack() as closing:

        def open_one(
            base: str, view: str = "overview", *, width: int = 1280, scheme: str = "light"
        ) -> SeenPage:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme=scheme,  # type: ignore[arg-type]
                reduced_motion="reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
            closing.callback(context.close)
            seen = SeenPage(context.new_page(), base)
            opened.append(seen)
            if view:
                seen.open(view)
            return seen

        yield open_one
        for seen in opened:
            assert seen.complaints == []
            assert seen.outside == []
