"""Where bad input is sent to, and what is written by hand to be sent."""

import json

from ....support import Document, deltas

JOB = "/api/v4.1/job"
BATCH = "/api/v4.1/job/1/batch"
ASYNC = "/api/v4.1/event/async"
SYNC = "/api/v4.1/event/sync"
EVERY_POST = [JOB, BATCH, ASYNC, SYNC]
WHOLE = "a whole number"
WRITTEN = "a whole number written without a decimal point or exponent"


def batch_text(qty: str = "5", record_more: str = "", **envelope: str) -> bytes:
    """A batch written by hand, so that it may hold what no library writes."""
    fields = {
        "action": '"UPSERT"',
        "entityType": '"INVENTORY"',
        "entities": f'[{{"skuRef":"A","locationRef":"L","qty":{qty}{record_more}}}]',
        **envelope,
    }
    return ("{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}").encode()


def delta_text(qty: str = "5", more: str = "") -> bytes:
    """A delta event written by hand."""
    entry = f'{{"productRef":"A","locationRef":"L","deltaId":"d","qty":{qty}{more}}}'
    return json.dumps(deltas("ENTRY")).replace('"ENTRY"', entry).encode()  # type: ignore[arg-type]


def without(document: Document, name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}
