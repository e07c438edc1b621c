"""What is available to promise as of a date.

What is on hand now less what expires by then, and of what is expected by then the active rows with
the reservations under them (Future Inventory, and Stock Segmentation, 27 Mar 2026).
"""

from .stock_model import RESERVING, Position, Quantity, Stock

NAMED = ("EXPECTED", "ON_ORDER", "IN_TRANSIT")


def promised(stock: Stock, position: Position, day: str) -> dict[str, int]:
    """The promise and its parts; dates are text in the pages' form, and compare as such."""
    if position.status == "INACTIVE":  # not considered (Inventory quantity types, 10 Jan 2025)
        return {"quantity": 0, "onHand": 0, "expected": 0, "reserved": 0}
    on_hand, expected, reserved = position.on_hand, 0, 0
    calculated = sum(row.quantity for row in stock.rows(position.ref) if stock.counts(row))
    is_written = on_hand != calculated  # by a mutation; what of it expires is not known
    for row in stock.rows(position.ref):
        is_gone = any(each.fields.get("expiresOn", "9") <= day for each in (row, *stock.above(row)))
        committed = _committed(stock, row) if row.type in RESERVING else None
        if stock.counts(row) and (is_gone or committed) and not is_written:
            on_hand -= row.quantity
        if is_gone:
            continue
        if _is_future(stock, row) and row.fields["expectedOn"] <= day:
            expected += _amount(stock, row)
        elif committed is not None and committed.fields["expectedOn"] <= day:
            reserved += row.quantity
    return {
        "quantity": on_hand + expected + reserved,
        "onHand": on_hand,
        "expected": expected,
        "reserved": reserved,
    }


def _amount(stock: Stock, row: Quantity) -> int:
    """What a future row stands for besides the future rows under it, where those are its parts."""
    if stock.switches["promise.parts"] == "beside":
        return row.quantity
    under = [
        each.quantity
        for each in stock.rows(row.position)
        if _is_future(stock, each) and _nearest(stock, each) is row
    ]
    return max(0, row.quantity - sum(under)) if under else row.quantity


def _committed(stock: Stock, row: Quantity) -> Quantity | None:
    """The future stock that a reservation is of: what it is under, with no stock between."""
    live: tuple[str, ...] = ("ACTIVE",)
    if stock.switches["position.counted_statuses"] != "active":
        live += ("CREATED",)
    if row.status not in live or not stock.is_type_of_stock(row.type):
        return None
    return _nearest(stock, row)


def _nearest(stock: Stock, row: Quantity) -> Quantity | None:
    """The future stock that a row is under, with no stock between."""
    for each in stock.above(row):
        if _is_future(stock, each):
            return each
        if stock.is_type_of_stock(each.type) and each.type not in RESERVING:
            return None
    return None


def _is_future(stock: Stock, row: Quantity) -> bool:
    if stock.is_type_of_stock(row.type) or row.type in RESERVING or row.status != "ACTIVE":
        return False
    if stock.switches["promise.future_types"] == "named" and row.type not in NAMED:
        return False
    return "expectedOn" in row.fields
