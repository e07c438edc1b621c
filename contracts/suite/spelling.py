"""The ways of writing one path that a server, or what stands before it, may take for the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def _inside(path: str, separator: str) -> str:
    """The path with another separator before its last part."""
    head, _, tail = path.rpartition("/")
    return f"{head}{separator}{tail}" if head else f"{separator}{tail}"


def _encoded(path: str, form: str) -> str:
    """Every letter as its percent-encoding; the slashes stay."""
    return "".join(sign if sign == "/" else "%" + format(ord(sign), form) for sign in path)


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "a second slash before it": lambda path: f"/{path}",
    "a third slash before it": lambda path: f"//{path}",
    "an encoded slash before it": lambda path: f"/%2f{path[1:]}",
    "an encoded slash before it, in upper case": lambda path: f"/%2F{path[1:]}",
    "two encoded slashes before it": lambda path: f"/%2f%2f{path[1:]}",
    "a doubled slash inside": lambda path: _inside(path, "//"),
    "an encoded slash inside": lambda path: _inside(path, "%2f"),
    "an encoded slash inside, in upper case": lambda path: _inside(path, "%2F"),
    "an encoded slash after a slash inside": lambda path: _inside(path, "/%2f"),
    "a backslash inside": lambda path: _inside(path, "\\"),
    "an encoded backslash inside": lambda path: _inside(path, "%5c"),
    "a slash after it": lambda path: f"{path}/",
    "two slashes after it": lambda path: f"{path}//",
    "an encoded slash after it": lambda path: f"{path}%2f",
    "letters encoded": lambda path: _encoded(path, "02x"),
    "letters encoded, in upper case": lambda path: _encoded(path, "02X"),
    "letters encoded twice": lambda path: _encoded(path, "02x").replace("%", "%25"),
    "upper case": str.upper,
    "a dot before it": lambda path: f"/.{path}",
    "an encoded dot before it": lambda path: f"/%2e{path}",
    "a way out and in again": lambda path: f"/nowhere/..{path}",
    "a way out and in again, encoded": lambda path: f"/nowhere/%2e%2e{path}",
    "a way out and in again, all of it encoded": lambda path: f"/nowhere%2f%2e%2e{path}",
    "a dot inside": lambda path: _inside(path, "/./"),
    "parameters after it": lambda path: f"{path};a=b",
    "parameters inside": lambda path: _inside(path, ";a=b/"),
    "an encoded query after it": lambda path: f"{path}%3fa=b",
    "a question mark after it": lambda path: f"{path}?",
    "an encoded blank after it": lambda path: f"{path}%20",
    "an encoded NUL after it": lambda path: f"{path}%00",
}
"""By what is odd about them; each makes of a path what goes over the wire, as it is."""
