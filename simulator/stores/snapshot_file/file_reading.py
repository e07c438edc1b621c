"""From a snapshot's file to a state, or to why it cannot be read."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ...clock import Course
from ...domain.account.account import Account
from ...domain.faults import RuleError
from ..kept_state import KeptState
from .file_writing import kind_of
from .read_events import CountEntries, EventReader
from .read_jobs import JobReader
from .read_setup import SetupReader
from .read_stock import StockReader
from .setup_lines import (
    ControlGroupLine,
    LocationLine,
    NetworkLine,
    ProductCatalogueLine,
    ProductLine,
    SettingLine,
    SetupLine,
    VirtualCatalogueLine,
    VirtualPositionLine,
)
from .snapshot_head import FORM, FORMAT, SnapshotHead
from .stock_lines import (
    AccountLine,
    CountsLine,
    EarlierLine,
    FamilyLine,
    InventoryCatalogueLine,
    OnHandLine,
    PositionLine,
    QuantityLine,
    StockLine,
)
from .unreadable import SnapshotFault, UnreadableSnapshot
from .work_lines import BatchLineForm, EndLine, EventLine, JobLine, WorkLine

_Take = Callable[[Any], None]


class Ground(NamedTuple):
    """What of a simulator is needed to read a state for it."""

    blank: Callable[[int], Account]
    """Makes an account that holds nothing, begun at a moment."""
    switches: Mapping[str, str]
    """Those that it will go by."""
    count_entries: CountEntries


class _Start(msgspec.Struct):
    """What is told of a file by any version of the program."""

    format: str
    version: int
    program: str = "unknown"


def read_head(lines: Iterator[bytes], version: str) -> SnapshotHead:
    """The first line; raises UnreadableSnapshot, also for a file of another form.

    `version` is that of this program, for the sentence.
    """
    try:
        first = next(lines, b"")
        start = msgspec.json.decode(first, type=_Start)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        start = _Start("", 0)
    if start.format != FORMAT:
        raise UnreadableSnapshot(
            f'it is no snapshot: expected a first line with "format":"{FORMAT}"'
        )
    if start.version != FORM:
        raise UnreadableSnapshot(
            f"version {start.program[:40]} of the program wrote it in form {start.version}, and"
            f" this one, {version}, reads form {FORM}: load it with that version"
        )
    try:
        head = msgspec.json.decode(first, type=SnapshotHead)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _refusal(1, "head", error) from None
    return head


def read_state(lines: Iterator[bytes], head: SnapshotHead, ground: Ground) -> KeptState:
    """The state that the lines after the head tell of; raises UnreadableSnapshot."""
    return _Reading(head, ground).read(lines)


class _Reading:
    def __init__(self, head: SnapshotHead, ground: Ground) -> None:
        self._head = head
        self._ground = ground
        self._takers: dict[type, _Take] = {AccountLine: self._begin}
        self._counted: Counter[str] = Counter()

    def read(self, lines: Iterator[bytes]) -> KeptState:
        decode = msgspec.json.Decoder(StockLine | SetupLine | WorkLine).decode
        number, kind, end = 1, "head", None
        try:
            for text in lines:
                number, kind = number + 1, ""
                line = decode(text)
                kind = kind_of(type(line))
                if end is not None:
                    raise SnapshotFault.told("it comes after the end")
                if isinstance(line, EndLine):
                    end = line
                    self._check_end(line)
                    continue
                self._take(line, kind)
            if end is None:
                raise UnreadableSnapshot(
                    f"it is not whole: the line of the kind end is missing after line {number}"
                )
            number, kind = 0, ""
            return self._state()
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _refusal(number, kind, error) from None
        except (SnapshotFault, RuleError) as fault:
            raise UnreadableSnapshot(_where(number, kind) + str(fault)) from None

    def _take(self, line: StockLine | SetupLine | WorkLine, kind: str) -> None:
        take = self._takers.get(type(line))
        if take is None:
            raise SnapshotFault.told("it comes before the line of the kind account")
        self._counted[kind] += 1
        take(line)

    def _begin(self, line: AccountLine) -> None:
        if self._counted["account"] > 1:
            raise SnapshotFault.told("there is one already")
        self._line = line
        account = self._account = self._ground.blank(line.started_at)
        account.controls_made = line.controls_made
        account.holdings.entities.held = line.entity_bytes
        stock = StockReader(account, line.history_written, line.on_hand_written)
        setup = SetupReader(account, line.storage_areas_made)
        jobs = JobReader(account, line.jobs_created, line.batches_created)
        events = EventReader(account, jobs.batches, self._ground.count_entries)
        self._stock, self._setup, self._jobs, self._events = stock, setup, jobs, events
        self._takers |= {
            InventoryCatalogueLine: stock.catalogue,
            PositionLine: stock.position,
            QuantityLine: stock.quantity,
            FamilyLine: stock.family,
            EarlierLine: stock.earlier,
            OnHandLine: stock.on_hand,
            CountsLine: stock.counts,
            SettingLine: setup.setting,
            ControlGroupLine: setup.control_group,
            NetworkLine: setup.network,
            LocationLine: setup.location,
            ProductCatalogueLine: setup.product_catalogue,
            ProductLine: setup.product,
            VirtualCatalogueLine: setup.virtual_catalogue,
            VirtualPositionLine: setup.virtual_position,
            JobLine: jobs.job,
            BatchLineForm: jobs.batch,
            EventLine: events.event,
        }

    def _check_end(self, line: EndLine) -> None:
        if line.lines != self._counted:
            for kind in sorted({*line.lines, *self._counted}):
                said, found = line.lines.get(kind, 0), self._counted[kind]
                if said != found:
                    raise SnapshotFault(f"/lines/{kind}", f"{said:,}", f"{found:,}, as there are")

    def _state(self) -> KeptState:
        if not self._counted["account"]:
            raise SnapshotFault.told("the line of the kind account is missing")
        account, clock = self._account, self._head.clock
        self._stock.finish()
        self._setup.finish()
        for kind, retailers in (
            ("inventoryCatalogue", {each.ref.retailer_id for each in account.catalogues.values()}),
            ("productCatalogue", {c.retailer_id for c in account.product_catalogues.values()}),
        ):
            if retailers != set(self._head.retailers):
                found, expected = ", ".join(sorted(retailers)), ", ".join(self._head.retailers)
                raise SnapshotFault(
                    f"/retailerId of the {kind} lines", found or "none", f"{expected}, as the head"
                )
        # One that follows the machine is told by its moment: see Course.
        since = clock.now * 1_000_000 if clock.follows_machine else clock.now - 1
        course = Course(since, clock.now, clock.rate, clock.frozen)
        if course.follows_machine != clock.follows_machine:
            raise SnapshotFault("/clock of the head", "a rate of its own", "that of the machine")
        state = KeptState(
            clock.now,
            course,
            dict(self._ground.switches),
            account,
            self._jobs.kept(),
            self._events.kept(),
        )
        self._have_lost(state)
        return state

    def _have_lost(self, state: KeptState) -> None:
        tallies = {tally.bound.name: tally for tally in state.tallies()}
        for name, lost in self._line.lost.items():
            if name not in tallies:
                raise SnapshotFault("/lost of the account", name, f"one of {', '.join(tallies)}")
            tallies[name].lost = lost


def _refusal(number: int, kind: str, error: Exception) -> UnreadableSnapshot:
    """What the decoder says, with the place as a pointer."""
    said = str(error) or type(error).__name__
    sentence, _, path = said.partition(" - at `$")
    pointer = re.sub(r"\.|\[", "/", path.removesuffix("`").replace("]", ""))
    sentence = sentence[0].lower() + sentence[1:].replace("`", "")
    return UnreadableSnapshot(
        _where(number, kind) + (f"at {pointer} " if pointer else "") + sentence[:300]
    )


def _where(number: int, kind: str) -> str:
    if not number:
        return ""
    return f"line {number}{f' ({kind})' if kind else ''}: "
