"""A request, as a fault rule sees it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

PRODUCT = ("productRef", "skuRef")
LOCATION = ("locationRef",)
DELTA_ID = ("deltaId",)
RETAILER = ("retailerId",)


class Sighting(NamedTuple):
    """What is known of a request; `lines` are the records of its batch or entries of its event.

    `identity` tells it from others, and is the same when it is sent again.
    """

    operation: str
    method: str
    path: str
    address: str = ""
    agent: str = ""
    identity: str = ""
    retailer: str | None = None
    lines: Sequence[Mapping[str, object]] = ()
    token: str | None = None
    user: str | None = None
    """Whose token it is, or who signs in."""
    may_change: bool = False
    """Whether it is a GraphQL document with a mutation, as far as that can be told at a glance."""

    @property
    def client(self) -> str:
        """Who sends it, as far as a quota tells clients apart."""
        return f"{self.address} {self.agent}"

    def has_line(self, wanted: Mapping[tuple[str, ...], str]) -> bool:
        """Whether one of its lines has all of these values, each under one of its names."""
        return any(
            all(any(_text(line.get(name)) == value for name in names) for names, value in pairs)
            for line in self.lines
            for pairs in [wanted.items()]
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
