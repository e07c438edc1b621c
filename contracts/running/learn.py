"""What was observed, as the settings of a simulator that behaves the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from fluent_oms_simulator.behaviour import Behaviour, describe
from fluent_oms_simulator.switches import (
    PROFILES,
    STRICT,
    Profile,
    SwitchDescription,
    UnknownBehaviour,
)

from ..target.observed import OR

Seen = tuple[str, str, str]
"""A switch, its value, and what has shown it."""


class Learnt(NamedTuple):
    """What a file says: a profile, how many values it sets over that, and how many comments keep.

    `observations` were made on so many `points`, most of them switches; a comment keeps what was
    seen in more than one way, or what no switch can say.
    """

    profile: Profile
    observations: int
    points: int
    values_set: int
    comments: int

    def told(self, file: str) -> str:
        """The same in a sentence."""
        over = f"sets {_many(self.values_set, 'value')} over it"
        kept = f"; comments keep {self.comments} more" if self.comments else ""
        return (
            f"{_many(self.observations, 'observation')} on {_many(self.points, 'point')}:"
            f" {file} names the profile {self.profile} and {over}{kept}"
        )


HEADING = """\
# What a server does about the points that the documentation leaves open, as it was observed.
# Start a simulator that does the same:  fluent-sim serve --config {name}
# The profile is the nearest one: of {seen} switches that were observed {differing} differ from it.

profile = "{profile}"

[behaviour]
"""


def write_switches(observations: Sequence[Seen], path: Path) -> Learnt:
    """Write a configuration file that sets what was observed, and says why; what is in it.

    It names that profile, and sets the switches that differ from it. What no switch can express
    stays in the file as a comment, as does what was seen both ways.
    """
    known = {switch.name: switch for switch in describe()}
    by_switch = _by_switch(observations)
    clear = _clear(by_switch, known)
    profile = _nearest(clear, known)
    differing = [name for name, values in clear.items() if _differs(known[name], values, profile)]
    entries = [
        _entry(name, by_switch[name], known.get(name))
        for name in sorted(by_switch)
        if name not in clear or name in differing
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = HEADING.format(
        name=_line(path.name), seen=len(clear), differing=len(differing), profile=profile
    )
    path.write_text(text + "\n".join(entries), encoding="utf-8")
    comments = len(by_switch) - len(clear)
    return Learnt(profile, len(observations), len(by_switch), len(differing), comments)


def nearest_profile(observations: Iterable[Seen]) -> tuple[Profile, list[str]]:
    """The profile that most of what was observed is in, and the switches that differ from it."""
    known = {switch.name: switch for switch in describe()}
    clear = _clear(_by_switch(observations), known)
    profile = _nearest(clear, known)
    return profile, [name for name, of in clear.items() if _differs(known[name], of, profile)]


def contradictions(
    observations: Iterable[Seen], behaviours: Mapping[str, str], profile: Profile = STRICT
) -> list[tuple[str, str]]:
    """Each switch that a simulator with these behaviours does not act by, with a sentence."""
    behaviour = Behaviour.from_options(behaviours, profile)
    known = {switch.name for switch in describe()}
    found: dict[str, str] = {}
    for name, value, why in observations:
        if name in known and (expected := behaviour.value_of(name)) not in value.split(OR):
            found[name] = f"{name} is {expected}, the simulator acts by {value}: {why}"
    return list(found.items())


def _by_switch(observations: Iterable[Seen]) -> dict[str, dict[str, str]]:
    by_switch: dict[str, dict[str, str]] = {}
    for name, value, why in observations:
        by_switch.setdefault(name, {}).setdefault(value, why)
    return by_switch


def _clear(
    by_switch: Mapping[str, Mapping[str, str]], known: Mapping[str, SwitchDescription]
) -> dict[str, list[str]]:
    """The switches that were seen in one way that they can be set to, and the values it may be."""
    clear: dict[str, list[str]] = {}
    for name, values in by_switch.items():
        if name in known and len(values) == 1:
            (value,) = values
            read = [_readable(known[name], each) for each in value.split(OR)]
            if all(read):
                clear[name] = value.split(OR)
    return clear


def _readable(switch: SwitchDescription, value: str) -> bool:
    try:
        switch.read(value)
    except UnknownBehaviour:
        return False
    return True


def _nearest(clear: Mapping[str, list[str]], known: Mapping[str, SwitchDescription]) -> Profile:
    def distance(profile: Profile) -> int:
        return sum(_differs(known[name], values, profile) for name, values in clear.items())

    return min(PROFILES, key=distance)


def _differs(switch: SwitchDescription, values: list[str], profile: Profile) -> bool:
    return switch.value_in(profile) not in values


def _entry(name: str, values: Mapping[str, str], switch: SwitchDescription | None) -> str:
    """The lines of a switch."""
    if switch is None:
        return "".join(
            f"# not a switch: {_line(f'{name} = {value}: {why}')}\n"
            for value, why in values.items()
        )
    if len(values) > 1:
        seen = "".join(f"#   {_line(f'{value}: {why}')}\n" for value, why in values.items())
        return f"# {name} was seen in more than one way, and is left as it is:\n{seen}"
    ((value, why),) = values.items()
    try:
        read = switch.read(value.split(OR)[0])
    except UnknownBehaviour:
        told = _line(f"{name} was seen as {value}: {why}")
        return f"# {told}\n#   no value of the switch: {' or '.join(switch.values)}\n"
    written = str(read) if isinstance(read, int) else f'"{read}"'
    others = f"; it may be any of {value}" if OR in value else ""
    return f'# {_line(why + others)}\n"{name}" = {written}\n'


def _many(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _line(text: str) -> str:
    """Text as it may stand in a comment, whatever a server has put into it."""
    return re.sub(r"[^\x20-\x7e\u00a0-\ufffd]+", " ", text)[:300]
