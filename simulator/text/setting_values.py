"""How the values of settings are written, on a command line, in the environment or in a file."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from .origins import OFF, WORDS, host_name, written_origin

_LONGEST_WORD = 50
"""Characters of a text that may be a slip of the pen."""


class UnusableError(ValueError):
    """Raised by a parser; carries what it expected and, when only a part is wrong, that part."""

    def __init__(self, expected: str, found: object = None) -> None:
        super().__init__(expected)
        self.expected = expected
        self.found = found


def printable_text(value: object) -> str:
    """A text that can be printed."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise UnusableError("a text of one or more printable characters")
    return value


def bearer_token(value: object) -> str:
    """What may follow `Bearer` in a header (RFC 6750, 2.1)."""
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", value):
        raise UnusableError("one or more of A-Z a-z 0-9 . _ ~ + / - without a space between them")
    return value


def whole_number(least: int, most: int) -> Callable[[object], int]:
    """What takes a number in these bounds, written as a number or as text."""

    def parse(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value.strip()):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise UnusableError(f"a whole number from {least} to {most}")
        return value

    return parse


port = whole_number(0, 65535)
"""The number of a port; 0 has one picked."""


def one_of(*choices: str) -> Callable[[object], str]:
    """What takes one of some words as it is written; another is told with the nearest."""

    def parse(value: object) -> str:
        if isinstance(value, str) and value in choices:
            return value
        near = get_close_matches(str(value)[:_LONGEST_WORD].lower(), choices, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise UnusableError(f"one of {', '.join(choices)}{hint}")

    return parse


def _items(value: object) -> list[object]:
    """A list in any spelling: repeated flags, a TOML array, text with commas or spaces."""
    if isinstance(value, str):
        return [item for item in re.split(r"[\s,]+", value) if item]
    return list(value) if isinstance(value, (list, tuple)) else [value]


def retailer_ids(value: object) -> tuple[str, ...]:
    """Retailer ids, each once."""
    expected = "one or more retailer ids, each a whole number such as 1"
    ids: dict[str, None] = {}
    for item in _items(value):
        text = str(item) if isinstance(item, int) and not isinstance(item, bool) else item
        if not isinstance(text, str) or not re.fullmatch(r"[1-9][0-9]{0,17}", text):
            raise UnusableError(expected, found=item)
        ids[text] = None
    if not ids:
        raise UnusableError(expected)
    return tuple(ids)


def page_origins(value: object) -> tuple[str, ...]:
    """Origins of pages, or words for some of them."""
    expected = f"{', '.join(WORDS)}, or origins such as https://app.example:8443"
    origins: dict[str, None] = {}
    for item in _items(value):
        text = item.lower() if isinstance(item, str) else ""
        origin = text if text in WORDS else written_origin(text)
        if origin is None:
            raise UnusableError(expected, found=item)
        origins[origin] = None
    if not origins or (OFF in origins and len(origins) > 1):
        raise UnusableError(expected)
    return tuple(origins)


def host_names(value: object) -> tuple[str, ...]:
    """Names or addresses of hosts, without ports, each once."""
    hosts: dict[str, None] = {}
    for item in _items(value):
        text = str(item).lower()
        name = host_name(text)
        if name is None or name != text.strip("[]"):
            raise UnusableError("one or more names of hosts, without a port, or any", found=item)
        hosts[name] = None
    return tuple(hosts)


def webhook_urls(value: object) -> tuple[str, ...]:
    """Addresses that are posted to; which may be, is for whoever makes webhooks of them to say."""
    urls = tuple(dict.fromkeys(str(item) for item in _items(value)))
    for url in urls:
        if not url.startswith(("http://", "https://")):
            raise UnusableError("one or more addresses, http or https", found=url)
    return urls


def switch_values(value: object) -> dict[str, str]:
    """Switch name to value as text; which names and values exist is for `behaviour.py` to say."""
    if isinstance(value, Mapping):
        return dict(_flattened(value))
    switches = {}
    for item in _items(value):
        name, equals, chosen = str(item).partition("=")
        if not (equals and name.strip() and chosen.strip()):
            raise UnusableError("NAME=VALUE, such as delta.duplicate=reject", found=item)
        switches[name.strip()] = chosen.strip()
    return switches


def _flattened(table: Mapping[str, object], prefix: str = "") -> Iterable[tuple[str, str]]:
    """Both `"delta.duplicate" = "reject"` and `delta.duplicate = "reject"`, which TOML nests."""
    for key, value in table.items():
        name = prefix + key
        if isinstance(value, Mapping):
            yield from _flattened(value, name + ".")
        elif isinstance(value, bool):
            yield name, "true" if value else "false"
        elif isinstance(value, (str, int, float)):
            yield name, str(value)
        else:
            raise UnusableError("a single value for each switch", found={name: value})
