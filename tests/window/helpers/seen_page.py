"""A page in a real browser, and what it must never do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Locator, Page, Request

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
MILLISECONDS = 15_000
"""So long it is waited for anything: this machine may be busy."""


class SeenPage:
    """A page that keeps what its browser complains of, and what it asks of other hosts."""

    def __init__(self, page: Page, base: str) -> None:
        page.set_default_timeout(MILLISECONDS)
        self.page = page
        self.base = base
        self._origin = "{0.scheme}://{0.netloc}/".format(urlsplit(base))
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._on_request)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((self._origin, "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, view: str = "overview") -> None:
        """Show a view, by its address behind the hash."""
        self.page.goto(f"{self.base}/__ui/#/{view}")
        self.wait_until_live()

    def wait_until_live(self) -> None:
        """Wait for the first answer."""
        self.page.locator("#state.live").wait_for()

    def named(self, role: Any, name: str) -> Locator:
        """What people find by its role and its whole name."""
        return self.page.get_by_role(role, name=name, exact=True)

    def text(self, selector: str) -> str:
        """What is to be read there, of the first that is like that."""
        return self.page.locator(selector).first.inner_text()

    def wait_for_text(self, selector: str, text: str) -> None:
        """Wait until a text can be read there."""
        self.page.locator(selector).filter(has_text=text).first.wait_for()

    def wait_until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something outside the page holds."""
        for _ in range(MILLISECONDS // 100):
            if holds():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"it did not come about: {what}")

    @property
    def violations(self) -> list[str]:
        """What axe finds wrong, each with the first place."""
        return self.violations_in("html")

    def violations_in(self, selector: str) -> list[str]:
        """What axe finds wrong in the first that is like that."""
        self.page.evaluate(AXE)
        run = f"axe.run({json.dumps(selector)}, {{resultTypes: ['violations']}})"
        found = self.page.evaluate(run)["violations"]
        return [f"{each['id']}: {json.dumps(each['nodes'][0]['html'])}" for each in found]

    @property
    def is_too_wide(self) -> bool:
        """Whether the page itself has to be scrolled sideways."""
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        main = "document.querySelector('main')"
        return bool(self.page.evaluate(f"{wide} || {main}.scrollWidth > {main}.clientWidth"))

    @property
    def has_markup_of_payloads(self) -> bool:
        """Whether a text from a payload has become an element."""
        return bool(self.page.locator("main img, main script").count())

    def copied(self, button: Locator) -> str:
        """What a button copies."""
        button.click()
        button.filter(has_text="Copied").wait_for()
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text
