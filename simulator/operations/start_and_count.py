"""Pages by `start` and `count`, as the v4.1 lists have them."""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from ..errors import Fault, refused, shortened

DEFAULT_COUNT = 100
HIGHEST = 2**53

Item = TypeVar("Item")


class ListPage(NamedTuple, Generic[Item]):
    """Some of a list, from offset `start`."""

    start: int
    items: Sequence[Item]


def page_of(items: Sequence[Item], query: Mapping[str, str], most: int) -> ListPage[Item]:
    """The page that a query asks for, of at most so many items."""
    start, count = start_and_count(query, most)
    return ListPage(start, items[start : start + count])


def start_and_count(
    query: Mapping[str, str], most: int, *, default: int = DEFAULT_COUNT, refusal: str | None = None
) -> tuple[int, int]:
    """Offset and size of the page wanted; raises ApiError for anything but whole numbers.

    A page of more than `most` is cut to it, or refused where `refusal` says what was expected.
    """
    found = [
        _read("start", query.get("start"), 0, 0),
        _read("count", query.get("count"), default, 1),
    ]
    faults = [value for value in found if isinstance(value, Fault)]
    if faults:
        raise refused(faults)
    start, count = (value for value in found if isinstance(value, int))
    if count > most and refusal is not None:
        raise refused([Fault("?count", str(count), refusal)])
    return start, min(count, most)


def whole_number(query: Mapping[str, str], name: str, default: int, least: int) -> int:
    """A parameter that is a whole number; raises ApiError (400) for any other."""
    found = _read(name, query.get(name), default, least)
    if isinstance(found, Fault):
        raise refused([found])
    return found


def _read(name: str, text: str | None, default: int, least: int) -> int | Fault:
    if text is None or text == "":
        return default
    if text.isascii() and text.isdigit() and len(text) < 17 and least <= int(text) <= HIGHEST:
        return int(text)
    return Fault(f"?{name}", repr(shortened(text)), f"a whole number, {least} or more")
