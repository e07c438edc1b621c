"""Which rules a run holds files against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..all_rules import UnknownRule
from ..all_rules import select as select_rules
from ..rules.rule import Rule
from .file_faults import FILE_RULES, PREFIXES

__all__ = ["Choice", "UnknownRule", "choose", "choose_for_files"]

_STREAMS = "FOMS-S"
_OF_TRAFFIC = "FOMS-O"


class Choice(NamedTuple):
    """The chosen rules; those about files are always held, unless they are ignored."""

    rules: tuple[type[Rule], ...]
    files: frozenset[str]

    @property
    def about_one_payload(self) -> tuple[type[Rule], ...]:
        """Those that remember nothing of other payloads."""
        return tuple(rule for rule in self.rules if not rule.id.startswith(_STREAMS))

    def has(self, rule_id: str) -> bool:
        """Whether this rule was chosen."""
        return rule_id in self.files or any(rule.id == rule_id for rule in self.rules)


def choose(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Choice:
    """The rules whose id begins with one of `select` (all, when empty) and with none of `ignore`.

    Both may list several, with commas between. Raises UnknownRule, also where none is left.
    """
    wanted, unwanted = _prefixes(select), _prefixes(ignore)
    of_payloads = [prefix for prefix in wanted if not prefix.startswith(PREFIXES)]
    rules: tuple[type[Rule], ...] = ()
    if of_payloads or not wanted:
        left_out = [prefix for prefix in unwanted if not prefix.startswith(PREFIXES)]
        rules = select_rules(of_payloads, left_out)
    files = frozenset(rule.id for rule in FILE_RULES if not rule.id.startswith(tuple(unwanted)))
    if not rules and not any(each.startswith(tuple(wanted)) for each in files):
        raise UnknownRule("what is ignored leaves no rule to check.")
    return Choice(rules, files)


def choose_for_files(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> Choice:
    """The same; raises UnknownRule also where none is left that a file can be held to."""
    choice = choose(select, ignore)
    if choice.rules and all(rule.id.startswith(_OF_TRAFFIC) for rule in choice.rules):
        raise UnknownRule(
            f"no rule about files is left: those of {_OF_TRAFFIC} are about traffic"
            " (`fluent-sim report`)."
        )
    return choice


def _prefixes(given: Iterable[str]) -> list[str]:
    prefixes = [part.strip().upper() for entry in given for part in entry.split(",")]
    for prefix in prefixes:
        if prefix.startswith(PREFIXES) and not any(r.id.startswith(prefix) for r in FILE_RULES):
            raise UnknownRule(f"no rule's id begins with {prefix!r}; see `fluent-sim rules`.")
    return [prefix for prefix in prefixes if prefix]
