"""Mutations of control groups and controls.

Fluent docs: GraphQL schema docs: what is created has the status CREATED. A control has an effect
once it and its group are ACTIVE, which an update makes them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ...domain.account.account import Account
from ...domain.entities import Attribute, Control, ControlGroup
from ...domain.faults import NotFound, NotUnique, RuleError
from ..arguments import Arguments
from ..context import Call
from .common import attributes_of, changed, found, mutation, texts

MOST_GROUPS = 1_000
MOST_CONTROLS_OF_A_GROUP = 10_000
MOST_CONTROLS = 100_000
"""Controls of all groups together."""


def create_control_group(call: Call, account: Account, arguments: Arguments) -> ControlGroup:
    """Mutation.createControlGroup."""
    given = arguments["input"]
    ref, at = given["ref"], call.clock.now()
    if ref in account.control_groups:
        raise NotUnique(f"the control group ref {ref} is taken")
    if len(account.control_groups) >= MOST_GROUPS:
        raise RuleError(f"there are {MOST_GROUPS:,} control groups, and no more are kept")
    created = ControlGroup(
        number=len(account.control_groups) + 1,
        ref=ref,
        type=given["type"],
        created_at=at,
        updated_at=at,
        name=given["name"],
        description=given.get("description"),
        attributes=attributes_of(given),
        retailer_refs=texts(given, "retailerRefs") or (),
    )
    account.control_groups[ref] = created
    return created


def update_control_group(call: Call, account: Account, arguments: Arguments) -> ControlGroup:
    """Mutation.updateControlGroup."""
    given = arguments["input"]
    group = _group(account, given["ref"])
    retailer_refs = texts(given, "retailerRefs")
    updated = changed(group, given, call.clock.now(), retailer_refs=retailer_refs)
    account.control_groups[group.ref] = updated
    return updated


def create_control(call: Call, account: Account, arguments: Arguments) -> Control:
    """Mutation.createControl."""
    given = arguments["input"]
    group = _group(account, given["controlGroup"]["ref"])
    ref, at = given["ref"], call.clock.now()
    if ref in group.controls:
        raise NotUnique(f"the control ref {ref} is taken in the group {group.ref}")
    if len(group.controls) >= MOST_CONTROLS_OF_A_GROUP:
        most = f"{MOST_CONTROLS_OF_A_GROUP:,}"
        raise RuleError(f"the group {group.ref} has {most} controls, and no more are kept")
    if account.controls_made >= MOST_CONTROLS:
        raise RuleError(f"there are {MOST_CONTROLS:,} controls, and no more are kept")
    created = Control(
        number=account.controls_made + 1,
        ref=ref,
        type=given["type"],
        created_at=at,
        updated_at=at,
        name=given["name"],
        description=given.get("description"),
        attributes=attributes_of(given),
        group_ref=group.ref,
        values=_values(given),
        execution_order=given.get("executionOrder"),
    )
    account.controls_made += 1
    _put(account, group, created)
    return created


def update_control(call: Call, account: Account, arguments: Arguments) -> Control:
    """Mutation.updateControl; its group is part of a control's name and stays."""
    given = arguments["input"]
    group = _group(account, given["controlGroup"]["ref"])
    control = found(
        group.controls.get(given["ref"]), f"control {given['ref']!r} in the group {group.ref}"
    )
    updated = changed(
        control,
        given,
        call.clock.now(),
        values=_values(given, control.values),
        execution_order=given.get("executionOrder"),
    )
    _put(account, group, updated)
    return updated


def _group(account: Account, ref: str) -> ControlGroup:
    group = account.control_groups.get(ref)
    if group is None:
        raise NotFound(f"there is no control group {ref!r}: create it first")
    return group


def _put(account: Account, group: ControlGroup, control: Control) -> None:
    controls = {**group.controls, control.ref: control}
    account.control_groups[group.ref] = replace(group, controls=controls, version=group.version + 1)


def _values(given: Arguments, known: tuple[Attribute, ...] = ()) -> tuple[Attribute, ...]:
    """The values after an input, which are written by name as attributes are (inferred)."""
    new = [
        Attribute(entry["name"], entry["type"], entry["value"])
        for entry in given.get("values") or ()
        if entry is not None
    ]
    names = {value.name for value in new}
    return (*(value for value in known if value.name not in names), *new)


CONTROL_MUTATIONS: Mapping[str, Any] = {
    "createControlGroup": mutation(create_control_group),
    "updateControlGroup": mutation(update_control_group),
    "createControl": mutation(create_control),
    "updateControl": mutation(update_control),
}
