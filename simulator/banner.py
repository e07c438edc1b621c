"""What a person reads when the simulator is up: where it is, and three commands to paste."""

import json
import shlex
from urllib.parse import quote

from .settings import ENV_PREFIX, Settings


def banner(settings: Settings, url: str, made_up_token: str | None = None) -> str:
    """The text to print on standard error; of admin tokens only one that nobody else can know."""
    auth = "" if settings.auth == "strict" else "   (off: calls need no token)"
    lines = [
        "",
        f"Fluent OMS simulator at {url}  (an independent project; Ctrl-C stops it)",
        "",
        f"  account        {settings.account}",
        f"  retailers      {', '.join(settings.retailers)}",
        f"  client         {settings.client_id} / {settings.client_secret}",
        f"  user           {settings.username} / {settings.password}{auth}",
        f"  pages          {url}/, {url}/__ui/docs, {url}/__ui/graphql",
    ]
    if made_up_token:
        lines += [
            f"  control token  {made_up_token}",
            "                 (this address is open to other machines, so /__admin wants it:",
            "                 Authorization: Bearer <control token>; --admin-token sets another)",
        ]
    elif settings.admin_token:
        lines += ["  control token  the one that was set; /__admin wants it as a Bearer token"]
    for title, command in commands(settings, url, made_up_token):
        lines += ["", f"# {title}", command]
    return "\n".join([*lines, ""])


def commands(
    settings: Settings, url: str, made_up_token: str | None = None
) -> list[tuple[str, str]]:
    """What to paste into a shell: title and command, in the order in which they work."""
    retailer = settings.retailers[0]
    token = f"TOKEN=$(curl -s {url}/oauth/token \\\n"
    token += "".join(
        f"  -d {shlex.quote(f'{name}={quote(value)}')} \\\n"
        for name, value in (
            ("grant_type", "password"),
            ("client_id", settings.client_id),
            ("client_secret", settings.client_secret),
            ("username", settings.username),
            ("password", settings.password),
        )
    )
    token += "  " + _pick("access_token") + '); echo "$TOKEN"'

    job = {"name": "full load", "retailerId": retailer}
    load = f"JOB=$({_post(f'{url}/api/v4.1/job', job)} \\\n  {_pick('id')})\n"
    load += _post(f'{url}/api/v4.1/job/"$JOB"/batch', _batch(retailer)) + "; echo"

    deltas = _post(f"{url}/api/v4.1/event/async", _deltas(settings.account, retailer)) + "; echo"

    look = "curl -s "
    if made_up_token:
        look += f"-H 'Authorization: Bearer {made_up_token}' "
    elif settings.admin_token:
        look += f'-H "Authorization: Bearer ${ENV_PREFIX}ADMIN_TOKEN" '
    look += f"'{url}/__admin/positions?productRef=D45'; echo"
    return [
        ("1. sign in", token),
        ("2. a job with one batch: SKU_1 at LOC_1 is counted, 500 on hand", load),
        (_about_deltas(settings.seed_data), deltas),
        ("and look", look),
    ]


def _about_deltas(seed_data: str) -> str:
    title = "3. three deltas on D45: +10 at LOC_MEL, -30 at LOC_SYD"
    if seed_data == "demo":
        return title
    return title + " (FAILED in the event log while D45 has no positions)"


def _post(url: str, body: object) -> str:
    return (
        f"curl -s {url} \\\n"
        '  -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\\n'
        f"  -d {shlex.quote(json.dumps(body))}"
    )


def _pick(name: str) -> str:
    """A filter that leaves one text value of a JSON reply."""
    return rf"""| sed 's/.*"{name}" *: *"\([^"]*\)".*/\1/'"""


def _batch(retailer: str) -> dict[str, object]:
    record = {
        "locationRef": "LOC_1",
        "skuRef": "SKU_1",
        "qty": 500,
        "correctedQty": 0,
        "retailerId": int(retailer),  # a number here and a text in the event, as Fluent has it
    }
    return {"action": "UPSERT", "entityType": "INVENTORY", "entities": [record]}


def _deltas(account: str, retailer: str) -> dict[str, object]:
    catalogue = f"DEFAULT:{retailer}"
    moves = (("LOC_MEL", -10, "123AT"), ("LOC_MEL", 20, "123AY"), ("LOC_SYD", -30, "123AX"))
    return {
        "name": "INVENTORY_DELTA",
        "accountId": account,
        "retailerId": retailer,
        "entityRef": catalogue,
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": "DEFAULT",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityRef": catalogue,
        "attributes": {
            "deltas": [
                {
                    "productRef": "D45",
                    "locationRef": location,
                    "qty": qty,
                    "type": "DELTA",
                    "deltaId": delta_id,
                }
                for location, qty, delta_id in moves
            ]
        },
    }
