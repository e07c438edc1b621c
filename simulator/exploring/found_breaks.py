"""A schedule that breaks a connector: what it does, and how that is told and kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from .candidate_faults import CandidateFault
from .fault_schedules import Schedule, key_of
from .run_judgement import Breaks, Complaint, TouchedStock

T = TypeVar("T")


class Finding(NamedTuple):
    """The fewest faults under which a connector does something wrong."""

    schedule: Schedule
    complaints: Sequence[Complaint]
    exit_code: int | None
    said: str
    """The end of what it printed."""
    requests: Sequence[Mapping[str, Any]]
    """What went over the wire around the faults."""
    is_steady: bool
    """Whether it did the same when it was repeated."""
    levels: Sequence[TouchedStock]
    """What it does to the stock where nothing goes wrong."""

    @property
    def title(self) -> str:
        """In a few words."""
        breaks = dict.fromkeys(each.breaks.value for each in self.complaints)
        return " and ".join(breaks)

    @property
    def headline(self) -> str:
        """What it does, and under which schedule."""
        return f"It {self.title}: {self.key or 'undisturbed'}"

    @property
    def ending(self) -> str:
        """How the command ended, as a sentence: who gives up and says so is told apart."""
        if self.exit_code is None:
            return "It was ended."
        if self.exit_code:
            return f"It said so: its exit code was {self.exit_code}."
        return "Its exit code was 0, as if all had gone well."

    def document(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "schedule": [fault.key for fault in self.schedule],
            "title": self.title,
            "faults": [fault.sentence for fault in self.schedule],
            "rules": self.rules,
            "complaints": [each._asdict() for each in self.complaints],
            "exitCode": self.exit_code,
            "said": self.said,
            "requests": list(self.requests),
            "isSteady": self.is_steady,
            "stock": [level._asdict() for level in self.levels],
        }

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The fault rules, for `PUT /__admin/faults`."""
        return [fault.rule(f"fault-{n}") for n, fault in enumerate(self.schedule, 1)]

    @property
    def key(self) -> str:
        """How its schedule is written."""
        return key_of(self.schedule)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Finding:
        """What `document` has made; raises KeyError, TypeError, ValueError."""
        exit_code = told["exitCode"]
        return cls(
            tuple(map(CandidateFault.read, _of(list, told["schedule"]))),
            [
                Complaint(Breaks(each["breaks"]), _of(str, each["why"]))
                for each in _of(list, told["complaints"])
            ],
            None if exit_code is None else _of(int, exit_code),
            _of(str, told["said"]),
            [_of(dict, each) for each in _of(list, told["requests"])],
            _of(bool, told["isSteady"]),
            [_level(**level) for level in _of(list, told["stock"])],
        )


def _level(product: Any, location: Any, before: Any, after: Any) -> TouchedStock:
    known = None if before is None else _of(int, before)
    return TouchedStock(_of(str, product), _of(str, location), known, _of(int, after))


def _of(kind: type[T], value: Any) -> T:
    """The value, which has to be of a kind; raises TypeError."""
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"expected {kind.__name__}, found {json.dumps(value)[:80]}")
    return value
