"""How a switch is declared, described to a person, and read from text."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, Literal, cast, get_args, get_type_hints

Profile = Literal["strict", "documented"]
"""A named set of values: the defaults, which refuse a fault at the door, or what the pages let one
see of the platform, which takes more and fails later."""
STRICT, DOCUMENTED = PROFILES = cast("tuple[Profile, ...]", get_args(Profile))


class UnknownBehaviour(ValueError):  # noqa: N818 - named for what it is about
    """A switch or a value that does not exist; the message names those that do."""


def switch(
    default: Any,
    effect: str,
    evidence: str,
    most: int | None = None,
    *,
    documented: str | None = None,
) -> Any:
    """A switch as a field of a dataclass; `most` is the bound of one that is a whole number.

    `documented` is its value in that profile, where it is not the default.
    """
    metadata = {"effect": effect, "evidence": evidence, "most": most, DOCUMENTED: documented}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class SwitchDescription:
    """One switch, for a person; `documented` is its value in that profile."""

    name: str
    values: tuple[str, ...]
    default: str
    documented: str
    effect: str
    evidence: str
    most: int | None = None

    def value_in(self, profile: Profile) -> str:
        """Its value in a profile, as text."""
        return self.documented if profile == DOCUMENTED else self.default

    def read(self, text: str) -> str | int:
        """The value that `text` names; raises UnknownBehaviour when it is none."""
        if self.most is None:
            if text in self.values:
                return text
        elif text.isascii() and text.isdigit() and len(text) < 16 and 1 <= int(text) <= self.most:
            return int(text)
        allowed = " or ".join(self.values)
        raise UnknownBehaviour(f"{self.name} cannot be {text!r}; it takes {allowed}.")


@cache  # every simulator asks, and a server may have many
def describe_switches(table: type[Any]) -> tuple[SwitchDescription, ...]:
    """Every switch of a dataclass with its values, default, effect and evidence."""
    hints = get_type_hints(table)
    return tuple(
        SwitchDescription(
            name=declared.name.replace("_", ".", 1),
            values=tuple(map(str, get_args(hints[declared.name])))
            or (f"a whole number from 1 to {declared.metadata['most']}",),
            default=str(declared.default),
            documented=str(declared.metadata[DOCUMENTED] or declared.default),
            effect=cast(str, declared.metadata["effect"]),
            evidence=cast(str, declared.metadata["evidence"]),
            most=cast("int | None", declared.metadata["most"]),
        )
        for declared in fields(table)
        if declared.default is not MISSING
    )


def read_options(known: Sequence[SwitchDescription], options: Mapping[str, str]) -> dict[str, Any]:
    """The values that options set, by field; raises UnknownBehaviour."""
    by_name = {description.name: description for description in known}
    chosen: dict[str, Any] = {}
    for name, text in options.items():
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=1)
            hint = f"did you mean {near[0]}?" if near else "see `fluent-sim behaviours`."
            raise UnknownBehaviour(f"there is no behaviour switch {name!r}; {hint}")
        chosen[field_name(name)] = by_name[name].read(text)
    return chosen


def field_name(name: str) -> str:
    """The field of the switch `delta.duplicate`."""
    return name.replace(".", "_", 1)
