"""`fluent-sim rules`: the rules that payloads and callers are held against, and a page on each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..console.refusal import Refusal
from ..console.terminal import console
from ..console.words import Word

if TYPE_CHECKING:
    from fluent_oms_simulator.contracts.rules.rule import Observation, Rule
    from fluent_oms_simulator.contracts.validation.file_faults import FileRule

MOST_SHOWN = 3
"""Entries of a list in an example; some rules are about long ones."""

Json = dict[str, Any]


@click.command(name="rules")
@click.argument("rule_id", metavar="[ID]", required=False)
@click.option("--format", "form", type=Word(["text", "json"]), default="text", show_default=True)
def command(rule_id: str | None, form: str) -> None:
    """List the rules; with an ID, say why the rule is there, and show what breaks it.

    ID may also be the beginning of one, such as FOMS-B for all rules about batches.
    """
    from fluent_oms_simulator.contracts.validation.file_faults import FILE_RULES
    from fluent_oms_simulator.contracts.validation.rule_choice import UnknownRule, choose

    wanted = None if rule_id is None else rule_id.strip().upper()
    if wanted == "":
        raise Refusal("fluent-sim rules: the ID is empty; leave it out to list all rules.")
    try:
        rules: list[type[Rule] | FileRule] = [*choose([wanted] if wanted else []).rules]
    except UnknownRule as fault:
        raise Refusal(f"fluent-sim rules: {fault}") from None
    rules += [rule for rule in FILE_RULES if rule.id.startswith(wanted or "")]
    exact = rule_id is not None and len(rules) == 1
    if form == "json":
        described = [_described(rule) for rule in rules]
        click.echo(json.dumps(described[0] if exact else described, indent=2))
    elif exact:
        _page(_described(rules[0]))
    else:
        _table(rules)


def _table(rules: Sequence[type[Rule] | FileRule]) -> None:
    from rich.table import Table

    table = Table(title="More on one: fluent-sim rules ID")
    table.add_column("rule", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("what is wrong")
    family = None
    for rule in rules:
        if family not in (None, rule.id[:-3]):
            table.add_section()
        family = rule.id[:-3]
        table.add_row(rule.id, rule.severity.value, rule.title)
    console().print(table)


def _page(rule: Json) -> None:
    out = console()
    out.print(f"{rule['id']} ({rule['severity']}): {rule['title']}\n", style="bold")
    for heading, text in (
        ("Why it matters", rule["reason"]),
        ("Where that is from", rule["evidence"]),
        ("What to do", rule["hint"]),
        ("Its code", rule["file"]),
    ):
        if text:
            out.print(f"{heading}: {text}\n")
    for heading, examples in (("Good", rule["good"]), ("Bad", rule["bad"])):
        if not examples:
            continue
        out.print(f"{heading}:", style="bold")
        for example in examples:
            # Not through the console, which would break lines that are to be copied.
            click.echo(example if isinstance(example, str) else _copyable(example))
        out.print()


def _copyable(example: Json) -> str:
    """An example as JSON: of a payload about which nothing else matters, the payload itself."""
    payload = next(iter(example.values())) if len(example) == 1 and "call" not in example else None
    return json.dumps(payload or example, indent=2)


def _described(rule: type[Rule] | FileRule) -> Json:
    """All that a rule says about itself; one about files says less, as it needs no examples."""
    from fluent_oms_simulator.contracts.all_rules import file_of

    full = rule if isinstance(rule, type) else None
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "title": rule.title,
        "reason": full.reason if full else "",
        "evidence": full.evidence if full else "",
        "hint": rule.hint,
        "file": file_of(rule),
        "good": _cut([_example(observation) for observation in full.good] if full else []),
        "bad": _cut([_example(observation) for observation in full.bad] if full else []),
    }


def _example(observation: Observation) -> Json:
    """An observation: what was sent, and what else is known of it."""
    fields = observation._asdict()
    defaults = type(observation)._field_defaults
    known = {
        name: value
        for name, value in fields.items()
        if name not in defaults or value != defaults[name]
    }
    if "details" in known:
        known["details"] = known["details"].known
    sent = known.pop("document", None)
    kind = type(observation).__name__.lower()
    return {kind: known} if sent is None else {kind: _shortened(sent), **known}


def _shortened(value: Any) -> Any:
    """JSON with long lists cut."""
    if isinstance(value, dict):
        return {name: _shortened(entry) for name, entry in value.items()}
    if not isinstance(value, list):
        return value
    return _cut(list(map(_shortened, value[: MOST_SHOWN + 1])), len(value))


def _cut(listed: list[Any], count: int | None = None) -> list[Any]:
    """The first entries of a list, and how many there are beyond them."""
    more = (len(listed) if count is None else count) - MOST_SHOWN
    return [*listed[:MOST_SHOWN], f"... and {more:,} more"] if more > 0 else listed
