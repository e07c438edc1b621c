"""Bad items of a fulfilment update get a clear refusal, and leave nothing behind."""

import pytest

from ...support import Client, Document, item, updates
from ..helpers.replies import assert_refused
from .helpers.payloads import ASYNC, without


@pytest.mark.parametrize(
    ("entry", "pointer"),
    [
        (item("A", "L", "F", reserveQty=1.5), "/attributes/items/0/reserveQty"),
        (item("A", "L", "F", saleQty=1.0), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="x"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty=""), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="1.0"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="--1"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty=True), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", cancelQty=None), "/attributes/items/0"),
        (item("A", "L", "F", correctionQty=2**31), "/attributes/items/0/correctionQty"),
        (without(item("A", "L", "F", saleQty=1), "skuRef"), "/attributes/items/0/skuRef"),
        (without(item("A", "L", "F", saleQty=1), "locationRef"), "/attributes/items/0/locationRef"),
        (
            without(item("A", "L", "F", saleQty=1), "fulfilmentId"),
            "/attributes/items/0/fulfilmentId",
        ),
        (item("A", "L", "F"), "/attributes/items/0"),
        (item("A", "L", "F", quantity=3), "/attributes/items/0"),
        (item("A", "L", "F" * 101, saleQty=1), "/attributes/items/0/fulfilmentId"),
        (None, "/attributes/items/0"),
    ],
)
def test_attributes_that_are_no_fulfilment_updates(
    stocked: Client, entry: Document, pointer: str
) -> None:
    assert_refused(stocked, ASYNC, updates(entry), pointer, "expected")
