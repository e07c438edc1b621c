"""What there is at an address: a page for a person, JSON for a program."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from flask import Flask, Response, render_template, request

from ..api.edge import respond
from ..api.paths import template
from ..operations.replies import Reply
from ..release import DISTRIBUTION, version

JSON, HTML = "application/json", "text/html"

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be asked for; its path as in OpenAPI, `{so}` for what is to be filled."""

    method: str
    path: str
    about: str


@dataclass(frozen=True, slots=True)
class ListSection:
    """Entries that belong together."""

    title: str
    entries: Sequence[Entry]
    can_be_followed: bool = True
    """Whether a browser can show what a GET of an entry answers."""


def prefers_a_page() -> bool:
    """Whether who asks would rather have a page than JSON, as browsers would."""
    return request.accept_mimetypes.best_match([JSON, HTML]) == HTML


def respond_with_list(title: str, about: str, sections: Iterable[ListSection]) -> Response:
    """A page where HTML is preferred, as browsers do, else JSON."""
    sections = list(sections)
    if prefers_a_page():
        page = render_template(
            "list.html", title=title, about=about, sections=sections, version=version()
        )
        reply = Response(page, mimetype=HTML)
        reply.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    else:
        lists = {
            section.title: [asdict(entry) for entry in section.entries] for section in sections
        }
        reply = respond(
            Reply({"name": DISTRIBUTION, "version": version(), "about": about, **lists})
        )
    reply.vary.add("Accept")
    return reply


def calls_of(app: Flask, blueprint: str) -> list[Entry]:
    """Every call of a blueprint in the order of its views; a view's docstring says what it does."""
    calls = [
        Entry(method, template(rule), (app.view_functions[rule.endpoint].__doc__ or "").strip())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[0] == blueprint
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return list(dict.fromkeys(calls))  # with and without a slash at the end is one
