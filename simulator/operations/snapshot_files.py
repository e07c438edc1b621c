"""Snapshots as files: written out, and read into a simulator that may be another one."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from ..behaviour import Behaviour, describe
from ..domain.account.account import Account
from ..errors import ApiError, Fault, api_error, pointer_token, refused, shortened
from ..intake.entries import EventEntryReader
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..release import version
from ..settings import Settings
from ..switches import UnknownBehaviour
from .behaviour_setting import HELD_FROM_THE_START
from .parameters import check_name, one_of
from .replies import Reply
from .snapshots import SnapshotOperations

FILE_ENDING = ".ndjson.gz"
NOT_OF_THE_STATE = ("http.max_body_bytes",)
"""Switches that hold from the start and are a server's own: a snapshot comes with any of them."""


MOST_NAMED = 20
"""Of what a file says is not in it, in a reply."""


class TakesFiles(Protocol):
    """A simulator whose state can come from elsewhere."""

    @property
    def settings(self) -> Settings:
        """How it is set up, with the switches that were set."""
        ...

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        ...

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        ...

    def blank_account(self, at: int) -> Account:
        """One that holds nothing."""
        ...


class SnapshotFile(NamedTuple):
    """A file, and what it is to be called."""

    content: bytes
    name: str


class SnapshotFileOperations:
    """Writes snapshots out, and reads them in."""

    def __init__(self, simulator: TakesFiles, snapshots: SnapshotOperations) -> None:
        self._simulator = simulator
        self._snapshots = snapshots

    def save(self, name: str) -> SnapshotFile:
        """GET /__admin/snapshots/{name}/file; raises ApiError.

        404 where there is none, 409 where it has what no file can be read with.
        """
        # Here and below: what files are made of is no part of a quick start.
        from ..stores.snapshot_file.file_writing import written
        from ..stores.snapshot_file.snapshot_head import Maker
        from ..stores.snapshot_file.unreadable import UnwritableSnapshot

        state = self._snapshots.state_of(name)
        settings = self._simulator.settings
        behaviour = Behaviour.from_options(state.switches, settings.profile)
        values = {switch.name: str(behaviour.value_of(switch.name)) for switch in describe()}
        maker = Maker(settings.profile, tuple(settings.retailers), values)
        try:
            content = written(name, state, maker)
        except UnwritableSnapshot as fault:
            raise api_error(409, f"The snapshot cannot be written as a file: {fault}.") from None
        return SnapshotFile(content, f"{name}{FILE_ENDING}")

    def load(self, name: str, body: bytes, query: Mapping[str, str]) -> Reply:
        """PUT /__admin/snapshots/{name}/file: 201, once all of it is read and found to be sound.

        Raises ApiError: 400 for a file that cannot be read, 409 for one of a simulator that is set
        up otherwise, or where there is a snapshot of this name, or as much as may be.
        """
        from ..stores.snapshot_file.file_reading import Ground, read_head, read_state
        from ..stores.snapshot_file.packing import lines_of
        from ..stores.snapshot_file.unreadable import UnreadableSnapshot

        check_name(name)
        replaces = one_of(query, "replace", ("false", "true")) == "true"
        self._snapshots.check_free(name, replaces=replaces)
        try:
            lines = lines_of(body)
            head = read_head(lines, version())
            self._check_retailers(head.retailers)
            ground = Ground(
                self._simulator.blank_account,
                self._switches(head.behaviours, head.program),
                self._count_entries(),
            )
            state = read_state(lines, head, ground)
        except UnreadableSnapshot as fault:
            raise api_error(400, f"The snapshot cannot be read: {fault}.") from None
        told = self._snapshots.put(name, state, replaces=replaces)
        from_file = {
            "writtenBy": shortened(head.program),
            "notInTheFile": [shortened(each) for each in head.not_in_here[:MOST_NAMED]],
        }
        return Reply({**told, **from_file}, 201)

    def _check_retailers(self, retailers: tuple[str, ...]) -> None:
        own = self._simulator.settings.retailers
        if set(retailers) != set(own):
            raise api_error(
                409,
                f"The snapshot is of the retailers {shortened(', '.join(retailers))}, and this"
                f" simulator has {', '.join(own)}: load it into one, or into a namespace, that has"
                " the same.",
            )

    def _switches(self, values: Mapping[str, str], program: str) -> dict[str, str]:
        """What is to be set over the profile, so that each switch has its value in the file.

        A switch that the file does not name is newer than its program, and has the usual value.
        """
        simulator = self._simulator
        settings, known = simulator.settings, {switch.name: switch for switch in describe()}
        held = {name: value for name, value in settings.behaviours.items() if name in _HELD}
        chosen: dict[str, str] = {}
        faults: list[Fault] = []
        misfits: list[str] = []
        for name, value in values.items():
            if name in NOT_OF_THE_STATE:
                continue
            where, found = f"/behaviours/{pointer_token(name)}", f'"{shortened(value)}"'
            if name not in known:
                expected = f"a switch of this version, {version()}; {shortened(program)} wrote it"
                faults.append(Fault(where, found, expected))
                continue
            try:
                known[name].read(value)
            except UnknownBehaviour as unknown:
                faults.append(Fault(where, found, str(unknown)))
                continue
            if name in _HELD:
                own = str(simulator.behaviour.value_of(name))
                misfits += [f"{name} was {value}, and is {own} here"] * (own != value)
            elif value != known[name].value_in(settings.profile):
                chosen[name] = value
        if faults:
            raise refused(faults)
        if misfits:
            raise _misfit(misfits)
        return held | chosen

    def _count_entries(self) -> Any:
        """What counts the entries of an event, as those who tell of it read them."""
        simulator = self._simulator
        requests = Requests(simulator.schemas, simulator.behaviour)
        reader = EventEntryReader(requests, simulator.behaviour)

        def count(event_name: str, document: Mapping[str, object]) -> int:
            if not reader.reads(event_name):
                return 0
            entries, _, _ = reader.read(event_name, document.get("attributes"))
            return len(entries)

        return count


_HELD = HELD_FROM_THE_START.keys()


def _misfit(misfits: list[str]) -> ApiError:
    return api_error(
        409,
        f"The snapshot's stock was counted by other switches ({'; '.join(misfits)}), which hold"
        " from the start: load it into a simulator, or into a namespace, that begins with them.",
    )
