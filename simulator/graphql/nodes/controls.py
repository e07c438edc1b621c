"""Control groups and controls: their fields, and the queries that read them."""

from collections.abc import Iterable, Mapping
from typing import Any

from ...domain.account.account import Account
from ...domain.entities import Control, ControlGroup
from ..arguments import Arguments
from ..connections import Connection, window_of
from ..context import Call, Info, call_of
from ..row_plan import PlainField
from .common import entity_fields, missing, plain
from .entities import EntityArguments, entity_connection

CONTROL_GROUP = "CONTROL_GROUP"
CONTROL = "CONTROL"


def control_group(_: Any, info: Info, ref: str) -> Any:
    """Query.controlGroup."""
    call = call_of(info)
    found = call.reading(lambda account: account.control_groups.get(ref))
    return found or missing(call, f"control group {ref!r}")


def control_groups(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.controlGroups."""
    call = call_of(info)
    search = EntityArguments(arguments, CONTROL_GROUP)
    window = window_of(arguments, call)
    return call.reading(
        lambda account: entity_connection(account.control_groups.values(), search, window)
    )


def control(
    _: Any,
    info: Info,
    ref: str,
    controlGroup: Mapping[str, Any],  # noqa: N803 - as the schema spells it
) -> Any:
    """Query.control."""
    call, group_ref = call_of(info), controlGroup["ref"]

    def look(account: Account) -> Control | None:
        group = account.control_groups.get(group_ref)
        return None if group is None else group.controls.get(ref)

    return call.reading(look) or missing(call, f"control {ref!r} in {group_ref!r}")


def controls(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.controls."""
    call = call_of(info)

    def look(account: Account) -> Connection:
        return _controls(call, account.control_groups.values(), arguments)

    return call.reading(look)


def controls_of_group(group: ControlGroup, info: Info, **arguments: Any) -> Connection:
    """ControlGroup.controls."""
    return _controls(call_of(info), [group], arguments)


def group_of_control(found: Control, info: Info) -> ControlGroup | None:
    """Control.controlGroup."""
    return call_of(info).reading(lambda account: account.control_groups.get(found.group_ref))


def _controls(call: Call, groups: Iterable[ControlGroup], arguments: Arguments) -> Connection:
    search = EntityArguments(
        arguments, CONTROL, executionOrder=lambda entity: entity.execution_order
    )
    group = arguments.get("controlGroup")
    group_ref = None if group is None else group["ref"]
    found = (
        each
        for group in groups
        if group_ref in (None, group.ref)
        for each in group.controls.values()
    )
    return entity_connection(found, search, window_of(arguments, call))


CONTROL_QUERIES: Mapping[str, Any] = {
    "controlGroup": control_group,
    "controlGroups": control_groups,
    "control": control,
    "controls": controls,
}

CONTROL_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "ControlGroup": {
        **entity_fields(CONTROL_GROUP),
        "retailerRefs": PlainField(lambda group: list(group.retailer_refs)),
        "controls": controls_of_group,
    },
    "Control": {
        **entity_fields(CONTROL),
        **plain(
            values=lambda entity: list(entity.values),
            executionOrder=lambda entity: entity.execution_order,
        ),
        "controlGroup": group_of_control,
    },
}
