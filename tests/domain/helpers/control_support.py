"""Controls and their groups, for the tests of what they do."""

from typing import Any

from fluent_oms_simulator.domain.entities import Attribute, Control, ControlGroup
from fluent_oms_simulator.domain.virtual.controls import ControlRules

PRODUCT, LOCATION, CATALOGUE = "D45", "LOC_MEL", "BASE:1"

PRODUCT_CONTEXT = {"type": "PRODUCT", "property": "ref", "value": PRODUCT}
LOCATION_CONTEXT = {"type": "LOCATION", "property": "ref", "value": LOCATION}


def control(ref: str, kind: str, **more: Any) -> Control:
    values = [Attribute(name, "ANY", value) for name, value in more.pop("values", {}).items()]
    known: dict[str, Any] = {"number": 1, "status": "ACTIVE", "created_at": 0, "updated_at": 0}
    return Control(ref=ref, type=kind, group_ref="CG", values=tuple(values), **{**known, **more})


def rules(*controls: Control, status: str = "ACTIVE", version: int = 1) -> ControlRules:
    group = ControlGroup(
        number=1,
        ref="CG",
        type="DEFAULT",
        status=status,
        created_at=0,
        updated_at=0,
        controls={control.ref: control for control in controls},
        version=version,
    )
    return ControlRules(group)


def buffer(context: list[dict[str, str]], amount: int, name: str, **more: Any) -> Control:
    values = {"context": context, "buffer": amount}
    return control(name, "QUANTITY_BUFFER", values=values, **more)


def threshold(up_to: object, status: str, order: int | None, **values: object) -> Control:
    named = {"threshold": up_to, "status": status, **values}
    return control(f"BULK_{status}", "BULK_THRESHOLD", values=named, execution_order=order)
