"""What was observed, as switches that a simulator can be started with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from fluent_oms_simulator.behaviour import Behaviour, describe
from fluent_oms_simulator.switches import SwitchDescription, UnknownBehaviour

Seen = tuple[str, str, str]
"""A switch, its value, and what has shown it."""

HEADING = """\
# What a server does about the points that the documentation leaves open, as it was observed.
# Start a simulator that does the same:  fluent-sim serve --config {name}

[behaviour]
"""


def write_switches(observations: Iterable[Seen], path: Path) -> None:
    """Write a configuration file that sets every switch that was observed, and says why.

    What no switch can express stays in the file as a comment, as does what was seen both ways.
    """
    known = {switch.name: switch for switch in describe()}
    by_switch: dict[str, dict[str, str]] = {}
    for name, value, why in observations:
        by_switch.setdefault(name, {}).setdefault(value, why)
    entries = [_entry(name, by_switch[name], known.get(name)) for name in sorted(by_switch)]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = HEADING.format(name=_line(path.name)) + "\n".join(entries)
    path.write_text(text, encoding="utf-8")


def contradictions(
    observations: Iterable[Seen], behaviours: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Each switch that a simulator with these behaviours does not act by, with a sentence."""
    behaviour = Behaviour.from_options(behaviours)
    known = {switch.name for switch in describe()}
    found: dict[str, str] = {}
    for name, value, why in observations:
        if name in known and value != (expected := behaviour.value_of(name)):
            found[name] = f"{name} is {expected}, the simulator acts by {value}: {why}"
    return list(found.items())


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
        read = switch.read(value)
    except UnknownBehaviour:
        told = _line(f"{name} was seen as {value}: {why}")
        return f"# {told}\n#   no value of the switch: {' or '.join(switch.values)}\n"
    written = str(read) if isinstance(read, int) else f'"{read}"'
    return f'# {_line(why)}\n"{name}" = {written}\n'


def _line(text: str) -> str:
    """Text as it may stand in a comment, whatever a server has put into it."""
    return re.sub(r"[^\x20-\x7e\u00a0-\ufffd]+", " ", text)[:300]
