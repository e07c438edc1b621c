"""From a state to a snapshot's file."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain

import msgspec

from ..kept_state import KeptState
from .packing import packed
from .snapshot_head import Maker, head_of
from .values import Line
from .work_lines import EndLine
from .written_stock import stock_lines
from .written_work import event_lines, job_lines


def written(name: str, state: KeptState, maker: Maker) -> bytes:
    """The file of a state, under a name; the same state gives the same file.

    Raises UnwritableSnapshot.
    """
    return packed(_lines(name, state, maker))


def _lines(name: str, state: KeptState, maker: Maker) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    yield encode(head_of(name, state, maker))
    counted: Counter[str] = Counter()
    jobs = job_lines(state.jobs, state.events)
    lines: Iterator[Line] = chain(stock_lines(state), jobs, event_lines(state.events))
    for line in lines:
        counted[kind_of(type(line))] += 1
        yield encode(line)
    yield encode(EndLine(lines=dict(counted)))


def kind_of(line: type[Line]) -> str:
    """What lines of a type are called in a file."""
    return str(line.__struct_config__.tag)
