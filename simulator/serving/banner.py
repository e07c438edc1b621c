"""What a person reads when the simulator is up: where it is, and three commands to paste."""

import json
import shlex
from urllib.parse import quote

from ..behaviour import told
from ..settings import ENV_PREFIX, Settings


def banner(settings: Settings, url: str, made_up_token: str | None = None) -> str:
    """The text to print on standard error; of admin tokens only one that nobody else can know."""
    auth = "" if settings.auth == "strict" else "   (off: calls need no token)"
    lines = [
        "",
        f"Fluent OMS simulator at {url}  (an independent project; Ctrl-C stops it)",
        "",
        f"  account        {settings.account}",
        f"  retailers      {', '.join(settings.retailers)}",
        f"  client         {settings.client_id} / {_shown(settings, 'client_secret')}",
        f"  user           {settings.username} / {_shown(settings, 'password')}{auth}",
        f"  profile        {told(settings.profile, settings.behaviours).removeprefix('profile ')}",
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
        f"  {parameter} \\\n"
        for parameter in (
            "-d grant_type=password",
            _parameter("client_id", settings.client_id),
            _secret_parameter(settings, "client_secret"),
            _parameter("username", settings.username),
            _secret_parameter(settings, "password"),
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


def _shown(settings: Settings, secret: str) -> str:
    """A secret as the banner shows it: one that the user chose stays with the user."""
    return "(as set)" if secret in settings.given else str(getattr(settings, secret))


def _parameter(name: str, value: str) -> str:
    return f"-d {shlex.quote(f'{name}={quote(value)}')}"


def _secret_parameter(settings: Settings, name: str) -> str:
    """As a variable where the user chose it: the one that sets it, for whoever has set it so."""
    if name not in settings.given:
        return _parameter(name, getattr(settings, name))
    return f'--data-urlencode "{name}=${ENV_PREFIX}{name.upper()}"'


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
