"""What is available to promise as of a date.

What is on hand now less what expires by then, and of what is expected by then the active rows with
the reservations under them (Future Inventory, and Stock Segmentation, 27 Mar 2026).
"""

from .stock_model import Position, Quantity, Stock

NAMED = ("EXPECTED", "ON_ORDER", "IN_TRANSIT")


def promised(stock: Stock, position: Position, day: str) -> dict[str, int]:
    """The promise and its parts; dates are text in the pages' form, and compare as such."""
    on_hand, expected, reserved = position.on_hand, 0, 0
    calculated = sum(row.quantity for row in stock.rows(position.ref) if stock.counts(row))
    is_written = on_hand != calculated  # by a mutation; what of it expires is not known
    for row in stock.rows(position.ref):
        is_gone = any(each.fields.get("expiresOn", "9") <= day for each in (row, *stock.above(row)))
        if stock.counts(row):
            on_hand -= row.quantity if is_gone and not is_written else 0
        elif is_gone:
            continue
        elif _is_expected(stock, row, day):
            expected += row.quantity
        elif row.type == "RESERVED" and row.status in ("ACTIVE", "CREATED"):
            if stock.switches["position.counted_statuses"] == "active" and row.status != "ACTIVE":
                continue
            top = next(each for each in stock.above(row) if each.type != "RESERVED")
            reserved += row.quantity if _is_expected(stock, top, day) else 0
    return {
        "quantity": on_hand + expected + reserved,
        "onHand": on_hand,
        "expected": expected,
        "reserved": reserved,
    }


def _is_expected(stock: Stock, row: Quantity, day: str) -> bool:
    if stock.is_stock(row) or row.type == "RESERVED" or row.status != "ACTIVE":
        return False
    if stock.switches["promise.future_types"] == "named" and row.type not in NAMED:
        return False
    return row.fields.get("expectedOn", "9") <= day
