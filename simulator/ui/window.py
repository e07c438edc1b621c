"""The window at `/__ui/`: a page where a person sees what a connector did to the stock.

All that it shows its scripts ask of the control API, so that a program can ask for it, too.
"""

from functools import cache
from pathlib import Path

from flask import Response, render_template

from ..release import version

STATIC = Path(__file__).parent / "static"
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)

_SHEETS = (
    *("base", "frame", "tables", "lists", "json", "chart"),
    *("overview", "traffic", "stock", "jobs", "events", "ledger", "controls"),
)
"""What a view has of its own comes after what all have."""


def window() -> Response:
    """The page, the same for every world: where it is tells which one it shows."""
    page = render_template("window.html", modules=_modules(), sheets=_SHEETS, version=version())
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(page, headers=headers, mimetype="text/html")


@cache
def _modules() -> list[str]:
    """The page's scripts, named in it so that a browser need not find one by the other."""
    return ["dom.js", *sorted(f"window/{path.name}" for path in (STATIC / "window").glob("*.js"))]
