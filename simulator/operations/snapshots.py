"""States of a simulator by name: taken, gone back to, dropped."""

import threading
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from ..behaviour import Behaviour
from ..clock import timestamp
from ..domain import bounds
from ..domain.bounds import Tally
from ..errors import ApiError, api_error, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..stores.kept_state import KeptState
from .parameters import check_name
from .replies import Reply
from .start_and_count import page_of

BYTES_OF_ENTRY = {
    bounds.POSITIONS.name: 130,
    bounds.EVENTS.name: 0,  # counted in bytes as well
    bounds.BATCHES.name: 0,
    bounds.JOBS.name: 0,
}
"""Where an entry of what a state holds does not take about 1,000."""
MOST_AT_ONCE = 100
"""Snapshots on a page."""


class GoesBack(Protocol):
    """A simulator that can go back to what it was."""

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        ...

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        ...

    def keep_state(self) -> KeptState | None:
        """Its state once nothing is in line; None where that does not come."""
        ...

    def go_back(self, kept: KeptState) -> None:
        """Have the state that was kept."""
        ...


class _Taken(NamedTuple):
    name: str
    state: KeptState
    positions: int
    size: int


class SnapshotOperations:
    """Takes snapshots and goes back to them."""

    def __init__(self, simulator: GoesBack) -> None:
        self._simulator = simulator
        self._requests = Requests(simulator.schemas, simulator.behaviour)
        self._by_name: dict[str, _Taken] = {}
        self._changing = threading.Lock()
        self._entries = Tally(bounds.SNAPSHOTS)
        self._bytes = Tally(bounds.SNAPSHOT_BYTES)

    def tallies(self) -> list[Tally]:
        """How many there are, and how much they hold."""
        return [self._entries, self._bytes]

    def list_all(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/snapshots: in the order in which they were taken."""
        taken = list(self._by_name.values())
        page = page_of(taken, query, MOST_AT_ONCE)
        return Reply(
            {
                "total": len(taken),
                "start": page.start,
                "snapshots": [_told(each) for each in page.items],
            }
        )

    def find(self, name: str) -> Reply:
        """GET /__admin/snapshots/{name}; raises ApiError (404)."""
        return Reply(_told(self._called(name)))

    def take(self, name: str, body: bytes) -> Reply:
        """PUT /__admin/snapshots/{name}: 201, once all that was accepted is applied.

        Raises ApiError: 400 for a name or a body that cannot be used, 409 where there is one of
        this name that is not to be replaced, or as much as may be, 503 where the line does not end.
        """
        check_name(name)
        wish = self._requests.sound("snapshot", parse(body), body) if body else {}
        replaces = bool(wish.get("replace"))
        with self._changing:
            self.check_free(name, replaces=replaces)
            state = self._simulator.keep_state()
            if state is None:
                raise api_error(
                    503,
                    "Something is still in line: a snapshot is taken once all that was accepted is"
                    " applied. Send the request again, or POST /__admin/settle before, if it is"
                    " held, or DELETE /__admin/faults, if a fault keeps it.",
                    headers={"Retry-After": "1"},
                )
            return Reply(self._put(name, state), 201)

    def put(self, name: str, state: KeptState, *, replaces: bool) -> dict[str, object]:
        """Keep a state that comes from elsewhere; raises ApiError (409)."""
        with self._changing:
            self.check_free(name, replaces=replaces)
            return self._put(name, state)

    def state_of(self, name: str) -> KeptState:
        """The state that was kept by this name; raises ApiError (404)."""
        return self._called(name).state

    def check_free(self, name: str, *, replaces: bool) -> None:
        """Raise ApiError (409) where one of this name is not to be replaced, or is too many."""
        if name not in self._by_name:
            if not self._entries.has_room():
                raise _full(self._entries)
        elif not replaces:
            raise api_error(
                409,
                f"There is a snapshot {name!r}: DELETE it first, have it replaced (replace is true"
                " in the body, or for a file in the query), or choose another name.",
            )

    def _put(self, name: str, state: KeptState) -> dict[str, object]:
        before = self._by_name.get(name)
        size = _held_bytes(state)
        if not self._bytes.has_room(size - (before.size if before else 0)):
            raise _full(self._bytes)
        self._drop(before)
        positions = sum(len(each.positions) for each in state.account.catalogues.values())
        taken = self._by_name[name] = _Taken(name, state, positions, size)
        self._entries.held += 1
        self._bytes.held += size
        return _told(taken)

    def restore(self, name: str) -> Reply:
        """POST /__admin/snapshots/{name}/restore: all is as it was; raises ApiError (404)."""
        with self._changing:
            taken = self._called(name)
            self._simulator.go_back(taken.state)
        return Reply({"status": "restored", **_told(taken)})

    def drop(self, name: str) -> Reply:
        """DELETE /__admin/snapshots/{name}; raises ApiError (404)."""
        with self._changing:
            self._drop(self._called(name))
        return Reply({"status": "dropped", "name": name})

    def _drop(self, taken: _Taken | None) -> None:
        if taken is not None:
            del self._by_name[taken.name]
            self._entries.held -= 1
            self._bytes.held -= taken.size

    def _called(self, name: str) -> _Taken:
        taken = self._by_name.get(name)
        if taken is None:
            raise api_error(
                404,
                f"There is no snapshot {shortened(name)!r}:"
                f" PUT /__admin/snapshots/{shortened(name)} takes one.",
            )
        return taken


def _held_bytes(state: KeptState) -> int:
    """About how much memory a state takes, most of which nothing else may hold before long."""
    size = 0
    for tally in state.tallies():
        bound = tally.bound
        each = 1 if bound.unit == "bytes" else BYTES_OF_ENTRY.get(bound.name, 1_000)
        size += tally.held * each
    return size


def _full(tally: Tally) -> ApiError:
    tally.lost += 1
    return api_error(
        409,
        f"There are {tally.held:,} {tally.bound.what}, of {tally.limit:,} at most: DELETE snapshots"
        " that are done with.",
    )


def _told(taken: _Taken) -> dict[str, object]:
    return {
        "name": taken.name,
        "takenAt": timestamp(taken.state.at),
        "positions": taken.positions,
    }
