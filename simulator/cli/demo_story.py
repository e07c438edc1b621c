"""What the demo does, and the tables that show what became of it."""

import re
from urllib.parse import quote

from rich.console import Console
from rich.table import Table

from ..client.builders import Document, delta, item, record
from ..client.fluent_api import Api
from ..console import terminal

PRODUCT = "D45"

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def tell(api: Api, console: Console | None = None) -> None:
    """The whole story, step by step."""
    out = console or terminal.console()
    out.print(f"\nA simulator is up at {api.target.url}, with an empty catalogue.")

    _heading(out, "1. Sign in")
    token = api.renew()
    out.print(f"POST /oauth/token: a {token['token_type']} token for {token['expires_in']} s")

    _heading(out, "2. Full load: a job, one batch, three records")
    _load(api, out, {"LOC_MEL": 100, "LOC_SYD": 80, "LOC_BNE": 25})
    _show_positions(api, out)

    _heading(out, "3. Three deltas in one event")
    deltas = [delta(PRODUCT, "LOC_MEL", -10, "123AT"), delta(PRODUCT, "LOC_MEL", 20, "123AY")]
    deltas.append(delta(PRODUCT, "LOC_SYD", -30, "123AX"))
    _tell_event(api, out, api.event("INVENTORY_DELTA", {"deltas": deltas}))

    _heading(out, "4. The same event again: a repeated deltaId counts once")
    _tell_event(api, out, api.event("INVENTORY_DELTA", {"deltas": deltas}))

    _heading(out, "5. Two deltas, one for a location without a position: none is applied")
    lost = [delta(PRODUCT, "LOC_MEL", -1, "124AA"), delta(PRODUCT, "LOC_PER", -1, "124AB")]
    _tell_event(api, out, api.event("INVENTORY_DELTA", {"deltas": lost}))

    _heading(out, "6. A reservation of 5 at LOC_BNE")
    reserved = item(PRODUCT, "LOC_BNE", "501", reservedQty=-5)
    _tell_event(api, out, api.event("UpdateInventoryQty", {"items": [reserved]}))

    _heading(out, "What the catalogue shows, and why")
    _show_positions(api, out)
    for location in ("LOC_MEL", "LOC_SYD", "LOC_BNE"):
        _show_quantities(api, out, location)

    _heading(out, "7. The next full load at LOC_MEL retires its deltas; other places stay")
    _load(api, out, {"LOC_MEL": 108})
    _show_positions(api, out)
    _show_quantities(api, out, "LOC_MEL")

    _heading(out, "The event log")
    _show_events(api, out)
    out.print("\nThe same at your own pace: fluent-sim serve\n")


def _load(api: Api, out: Console, counts: dict[str, int]) -> None:
    job = api.open_job(name="full load")
    reply = api.load([record(PRODUCT, *count) for count in counts.items()], job)
    path = f"/api/v4.1/job/{job}/batch/{reply['batchId']}"
    table = _table(f"GET {path}: {reply['status']}", "record", "code", "message")
    for row in reply["results"]:
        table.add_row(row.get("entityRef"), str(row["responseCode"]), row.get("message"))
    out.print(table)


def _tell_event(api: Api, out: Console, event: Document) -> None:
    """Send it and wait for its line in the event log, which says what became of it."""
    logged = api.send_and_wait(event)
    out.print(f"POST /api/v4.1/event/async: accepted as {logged['id']}")
    out.print(f"  {logged['eventStatus']}: {_outcome(logged)}")


def _show_positions(api: Api, out: Console) -> None:
    path = f"/__admin/positions?productRef={PRODUCT}"
    table = _table(f"GET {path}", "position", "on hand", "status")
    table.columns[1].justify = "right"
    for position in api.get(path)["results"]:
        table.add_row(position["ref"], str(position["onHand"]), position["status"])
    out.print(table)


def _show_quantities(api: Api, out: Console, location: str) -> None:
    ref = f"{PRODUCT}:{location}:DEFAULT"
    position = api.get(f"/__admin/positions/{quote(ref, safe='')}")
    table = _table(f"{ref}: {position['onHand']} on hand", "quantity", "status", "type", "history")
    table.columns[0].justify = "right"
    for row in position["quantities"]:
        table.add_row(
            f"{row['quantity']:+}" if row["type"] != "LAST_ON_HAND" else str(row["quantity"]),
            row["status"],
            row["type"],
            "\n".join(map(_told, row["history"])),
            style="" if row["status"] == "ACTIVE" else "dim",
        )
    out.print(table)


def _show_events(api: Api, out: Console) -> None:
    table = _table("GET /api/v4.1/event", "event", "status", "what became of it")
    for row in api.get("/api/v4.1/event?eventType=ORCHESTRATION&count=20")["results"]:
        table.add_row(row["name"], row["eventStatus"], _outcome(row))
    out.print(table)


def _told(entry: Document) -> str:
    source = UUID.sub(lambda found: found[0][:8], entry["source"])
    return f"{entry['quantity']} {entry['status']}: {source}"


def _outcome(logged: Document) -> str:
    return str(logged.get("outcome", ""))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _heading(out: Console, text: str) -> None:
    out.print()
    out.rule(text, align="left")
