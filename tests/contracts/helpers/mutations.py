"""Payloads with things changed in them, as bytes: what a broken sender might send."""

import codecs
import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from ...support import batch, delta, deltas, item, record, updates

BASES: dict[str, list[Any]] = {
    "batch": [
        batch(record("SKU_1", "LOC_1", 5), record("SKU_2", "LOC_1", 0, retailerId=1)),
        batch(
            record("SKU_1", "LOC_1", -4, type="IN_TRANSIT", status="ACTIVE", correctedQty=0),
            source="ERP",
            event="InventoryChanged",
            catalogueRef="DEFAULT:1",
            conditions={"hasRelatedInventoryQuantities": [{"type": "DELTA", "status": "ACTIVE"}]},
        ),
        batch(
            record("SKU_1", "LOC_1", 5, ref="A", expiry="2026-09-01T00:00:00Z", lot="L1"),
            record(
                "SKU_1", "LOC_1", 4, type="ON_ORDER", ref="B",
                attributes={
                    "expectedOn": "2026-03-23T00:00:00Z",
                    "expiresOn": "2026-09-01T12:00:00.5+02:00",
                    "parentRef": "A",
                    "segment1": "EU",
                    "pallet": {"rows": [1]},
                },
            ),
        ),
    ],
    "delta event": [
        deltas(delta("SKU_1", "LOC_1", -2, "A1"), delta("SKU_2", "LOC_1", 3, "A2")),
    ],
    "fulfilment event": [
        updates(
            item("SKU_1", "LOC_1", "100", reservedQty=-5),
            item("SKU_2", "LOC_1", "100", saleQty="-1", correctionQty=0),
            scheduledOn="2026-01-01T00:00:00Z",
        ),
    ],
    "job": [
        {"name": "Nightly", "retailerId": "1"},
        {"name": "Nightly", "retailerId": 1, "meta": {"preprocessing": "skip"}},
    ],
}  # fmt: skip


class Raw(str):
    """JSON text as it stands, sound or not."""


class Twice(dict[str, Any]):
    """An object whose first key stands in it twice."""


def written(value: Any) -> str:
    """The value as JSON text."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        pairs = [f"{json.dumps(key)}:{written(entry)}" for key, entry in value.items()]
        return "{" + ",".join(pairs + pairs[:1] if isinstance(value, Twice) else pairs) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


_RAW = [
    *("1.0", "-0.0", "0.0", "1e3", "5E0", "-2.0", "1.5", "1e400", "-0", "01", "+1", "NaN"),
    *("123456789012345678901234567890", "1" * 400, "9007199254740993", '"\\ud800"', '"\\u0000"'),
    *("[" * 199 + "]" * 199, "[" * 260 + "]" * 260, '{"a":1,"a":2}', '{"a":1,"\\u0061":2}', "tru"),
]  # fmt: skip
_TEXTS = [
    *("", " ", "a\n", "a\t", "\x00", "\x7f", "é", "é" * 51, "x" * 51, "x" * 90, "x" * 100),
    *("x" * 50, "x" * 101, "x" * 255, "x" * 256, "-5", "+5", "5-", "5\n", "1" * 11, "٣"),
    *("2147483647", "2147483648", "-2147483648", "-2147483649"),
    *("UPSERT", "INVENTORY", "DELTA", "LAST_ON_HAND", "ACTIVE", "skip", "A1", "SKU_1", "DEFAULT:1"),
    *("INVENTORY_DELTA", "UpdateInventoryQty", "InventoryChanged", "FULFILMENT"),
    *("2026-02-29T00:00:00Z", "2028-02-29T23:59:59.9Z", "2026-03-23", "2026-03-23T10:00:00"),
    *("2026-03-23 10:00:00Z", "2026-03-23T24:00:00Z", "2026-12-31T23:59:60Z", "20260323T100000Z"),
]  # fmt: skip
_NUMBERS = [0, 1, -1, 7, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**53, 2**53 - 1, 2**64, 0.5]
_VALUES = st.one_of(
    st.sampled_from(_RAW).map(Raw),
    st.sampled_from(_TEXTS),
    st.sampled_from(_NUMBERS),
    st.sampled_from([True, False, None]),
    st.builds(list),
    st.builds(dict),
    st.builds(lambda: [{}]),
    st.builds(lambda: {"a": [1]}),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
_NAMES = st.sampled_from(
    [
        *("skuRef", "productRef", "locationRef", "qty", "type", "status", "ref", "retailerId"),
        *("correctedQty", "reservedQty", "reserveQty", "saleQty", "cancelQty", "deltaId"),
        *("attributes", "inventoryId", "uom", "expectedOn", "entityRef", "entityId", "entityType"),
        *("entitySubtype", "rootEntityType", "rootEntityRef", "rootEntityId", "accountId"),
        *("source", "quantity", "scheduledOn", "meta", "preprocessing", "event", "catalogueRef"),
        *("conditions", "action", "expiresOn", "parentRef", "condition", "segment1", "expectedon"),
        *("name", "deltas", "items", "entities", "Action", "expiry", "sku", "é\n", "a/b~c", ""),
    ]
)  # fmt: skip


def _containers(node: Any) -> list[Any]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    found = [node] if isinstance(node, dict | list) and node else []
    return found + [container for entry in inner for container in _containers(entry)]


def _copied(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _copied(entry) for key, entry in node.items()}
    return [_copied(entry) for entry in node] if isinstance(node, list) else node


@st.composite
def documents(draw: st.DrawFn, kind: str) -> Any:
    """A payload of the kind with up to three things changed."""
    document = _copied(draw(st.sampled_from(BASES[kind])))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        holder = draw(st.sampled_from(_containers(document) or [document]))
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        change = draw(st.sampled_from(["set", "set", "set", "remove", "add", "twice", "wrap"]))
        if isinstance(holder, dict) and (change == "add" or not keys):
            holder[draw(_NAMES)] = draw(_VALUES)
            continue
        if not keys:
            holder.append(draw(_VALUES))
            continue
        key = draw(st.sampled_from(keys))
        if change == "remove":
            del holder[key]
        elif change == "wrap":
            holder[key] = draw(st.sampled_from([[holder[key]], {"value": holder[key]}]))
        elif change == "twice" and isinstance(holder[key], dict) and holder[key]:
            holder[key] = Twice(holder[key])
        elif change == "twice" and isinstance(holder, list):
            holder.append(_copied(holder[key]))
        else:
            holder[key] = draw(_VALUES)
    return document


def _cut(data: bytes, at: int) -> bytes:
    return data[: len(data) * at // 10]


def _in_the_middle(data: bytes, inserted: bytes) -> bytes:
    middle = data.find(b'"', len(data) // 2) + 1
    return data[:middle] + inserted + data[middle:]


_BYTES: list[Callable[[bytes], bytes]] = [
    lambda data: codecs.BOM_UTF8 + data,
    lambda data: data.decode().encode("utf-16"),
    lambda data: data.decode().encode("utf-16-be"),
    lambda data: data.decode().encode("utf-32-le"),
    lambda data: _in_the_middle(data, b"\xe9"),
    lambda data: _in_the_middle(data, b"\xed\xa0\x80"),
    lambda data: _in_the_middle(data, b"\x00"),
    lambda data: _in_the_middle(data, b"\t"),
    lambda data: _cut(data, 5),
    lambda data: _cut(data, 9),
    lambda data: data + b"}",
    lambda data: data + b",",
    lambda data: b" \r\t" + data + b" \r\t",
    lambda data: data.replace(b":", b" : ", 3),
]


@st.composite
def bodies(draw: st.DrawFn, kind: str) -> bytes:
    """Such a payload as bytes, and now and then with the bytes changed as well."""
    data = written(draw(documents(kind))).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        data = draw(st.sampled_from(_BYTES))(data)
    return data
