"""Retailer ids: number or text on the wire, text inside."""

import orjson

from ..errors import Fault, refused, shortened
from ..settings import Settings


def check_retailer(value: object, settings: Settings) -> str:
    """The retailer a payload names; raises ApiError when the account has no such retailer.

    Clients send a number or a string (Fluent docs: Inventory batches, 3 Feb 2025; vendor client).
    """
    if not isinstance(value, float) and str(value) in settings.retailers:
        return str(value)
    found = shortened(orjson.dumps(value).decode())
    known = ", ".join(settings.retailers)
    expected = f"a retailer of account {settings.account}: {known}"
    raise refused([Fault("/retailerId", found, expected, code="InvalidInput")])
