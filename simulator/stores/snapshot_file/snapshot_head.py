"""The head of a snapshot's file: what it is, of which program, and what is not in it."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta

from ...clock import END_OF_TIME, timestamp
from ...release import version
from ..kept_state import KeptState
from .values import Form

FORMAT = "fluent-oms-simulator snapshot"
FORM = 1
"""The version of the form; it goes up when a program that knows only the last cannot read it."""

LEFT_OUT = (
    "access tokens and credentials",
    "the requests and replies, and the report of rules that were broken",
    "the ledger of deltas",
    "fault rules, and what they keep for later",
    "webhooks, and what they were told",
    "how fast accepted work is applied (settling)",
    "other namespaces",
)
"""What a file does not hold; no snapshot does."""


class ClockForm(Form):
    """What the clock showed, and how it went: as it may be set."""

    now: Annotated[int, Meta(ge=0, le=END_OF_TIME)]
    rate: Annotated[float, Meta(ge=0.000001, le=1_000_000)] = 1.0
    frozen: bool = False
    follows_machine: bool = False


class SnapshotHead(Form, kw_only=True):
    """The first line."""

    format: str
    version: int
    program: str
    name: str
    taken_at: str
    moments: str = ""
    not_in_here: tuple[str, ...] = ()
    profile: str
    retailers: tuple[str, ...]
    behaviours: dict[str, str]
    clock: ClockForm


class Maker(NamedTuple):
    """What of a simulator a file has to say, beyond a state of it."""

    profile: str
    retailers: tuple[str, ...]
    behaviours: Mapping[str, str]
    """Every switch with the value in force."""


def head_of(name: str, state: KeptState, maker: Maker) -> SnapshotHead:
    """The head of the file of a state of this name."""
    course = state.course
    return SnapshotHead(
        format=FORMAT,
        version=FORM,
        program=version(),
        name=name,
        taken_at=timestamp(state.at),
        moments="milliseconds since 1970, UTC",
        not_in_here=LEFT_OUT,
        profile=maker.profile,
        retailers=maker.retailers,
        behaviours=dict(maker.behaviours),
        clock=ClockForm(
            now=state.at,
            rate=float(course.rate),
            frozen=course.is_frozen,
            follows_machine=course.follows_machine,
        ),
    )
