"""All rules there are, by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import getmembers, isclass

from .rules.batches import (
    batch,
    batch_dates,
    batch_details,
    batch_fields,
    batch_parents,
    batch_quantities,
    batch_refs,
    quantity_refs,
)
from .rules.events import delta_fields, event_deltas, event_items, event_refs, events
from .rules.jobs import jobs
from .rules.obligations import (
    aftermath,
    queries,
    refusals,
    resent_events,
    retries,
    tokens,
    use_of_jobs,
)
from .rules.rule import Rule
from .rules.streams import (
    batches_and_events,
    delta_ids,
    moved_refs,
    series,
    spellings,
    stale_counts,
)

_FILES = (
    *(batch, batch_fields, batch_quantities, batch_refs, batch_parents, batch_details, batch_dates),
    quantity_refs,
    *(events, delta_fields, event_deltas, event_items, event_refs),
    jobs,
    *(batches_and_events, delta_ids, series, spellings, stale_counts, moved_refs),
    *(aftermath, queries, refusals, resent_events, retries, tokens, use_of_jobs),
)
FAMILIES = {"B": "batches", "E": "events", "J": "jobs", "S": "streams", "O": "obligations"}
"""What the letter of a rule's id stands for: what the rule looks at, and its folder."""


def _read_rules() -> tuple[type[Rule], ...]:
    """Every class of these files that has an id; families in order, then by number."""
    found = {
        kind
        for file in _FILES
        for _, kind in getmembers(file, isclass)
        if issubclass(kind, Rule) and "id" in vars(kind)
    }
    letters = "".join(FAMILIES)
    return tuple(sorted(found, key=lambda kind: (letters.index(kind.id[5]), kind.id)))


RULES: tuple[type[Rule], ...] = _read_rules()

_BY_ID = {kind.id: kind for kind in RULES}


class UnknownRule(ValueError):  # noqa: N818 - named for what it is about
    """An id, or the beginning of one, that no rule has, or a choice of none; the message says."""


def rule(rule_id: str) -> type[Rule]:
    """The rule with this id, in whatever case; raises UnknownRule."""
    found = _BY_ID.get(rule_id.strip().upper())
    if found is None:
        raise UnknownRule(f"there is no rule {rule_id!r}; see `fluent-sim rules`.")
    return found


def file_of(rule: object) -> str:
    """Where a rule stands, also one about files, from the root of the repository."""
    return f"contracts/{rule.__module__.partition('.contracts.')[2].replace('.', '/')}.py"


def select(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[type[Rule], ...]:
    """The rules whose id begins with one of `select` (all, when empty) and with none of `ignore`.

    Raises UnknownRule for a beginning that no id has, and where none is left: that would check less
    than was asked for.
    """
    wanted, unwanted = _prefixes(select), _prefixes(ignore)
    chosen = tuple(
        kind
        for kind in RULES
        if (not wanted or kind.id.startswith(wanted)) and not kind.id.startswith(unwanted)
    )
    if not chosen:
        raise UnknownRule("what is ignored leaves no rule to check.")
    return chosen


def _prefixes(prefixes: Iterable[str]) -> tuple[str, ...]:
    cleaned: Sequence[str] = [prefix.strip().upper() for prefix in prefixes]
    for prefix in cleaned:
        if not prefix or not any(rule_id.startswith(prefix) for rule_id in _BY_ID):
            raise UnknownRule(f"no rule's id begins with {prefix!r}; see `fluent-sim rules`.")
    return tuple(cleaned)
