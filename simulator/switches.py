"""How a switch is declared, described to a person, and read from text."""

import difflib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, cast, get_args, get_type_hints


class UnknownBehaviour(ValueError):  # noqa: N818 - named for what it is about
    """A switch or a value that does not exist; the message names those that do."""


def switch(default: Any, effect: str, evidence: str, most: int | None = None) -> Any:
    """A switch as a field of a dataclass; `most` is the bound of one that is a whole number."""
    return field(default=default, metadata={"effect": effect, "evidence": evidence, "most": most})


@dataclass(frozen=True, slots=True)
class SwitchDescription:
    """One switch, for a person."""

    name: str
    values: tuple[str, ...]
    default: str
    effect: str
    evidence: str
    most: int | None = None

    def read(self, text: str) -> str | int:
        """The value that `text` names; raises UnknownBehaviour when it is none."""
        if self.most is None:
            if text in self.values:
                return text
        elif text.isascii() and text.isdigit() and len(text) < 16 and 1 <= int(text) <= self.most:
            return int(text)
        allowed = " or ".join(self.values)
        raise UnknownBehaviour(f"{self.name} cannot be {text!r}; it takes {allowed}.")


def describe_switches(table: type[Any]) -> list[SwitchDescription]:
    """Every switch of a dataclass with its values, default, effect and evidence."""
    hints = get_type_hints(table)
    return [
        SwitchDescription(
            name=declared.name.replace("_", ".", 1),
            values=tuple(map(str, get_args(hints[declared.name])))
            or (f"a whole number from 1 to {declared.metadata['most']}",),
            default=str(declared.default),
            effect=cast(str, declared.metadata["effect"]),
            evidence=cast(str, declared.metadata["evidence"]),
            most=cast("int | None", declared.metadata["most"]),
        )
        for declared in fields(table)
        if declared.default is not MISSING
    ]


def read_options(known: list[SwitchDescription], options: Mapping[str, str]) -> dict[str, Any]:
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
