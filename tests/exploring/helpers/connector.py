"""A connector that sends sales as delta events, in one of several manners.

Run as a command: `python connector.py MANNER [SALES]`. It needs the standard library only, and
little of that, so that it starts fast.

- `well`: repeats what was not acknowledged under its deltaId, and signs in anew after a 401.
- `never-retries`: gives up at the first failure.
- `new-delta-id`: repeats under a new deltaId.
- `forgets-expiry`: takes a 401 for the end.
- `gives-up-hard`: after a failure it begins a daemon, prints megabytes, and neither ends by itself
  nor when it is asked to.
"""

import http.client
import json
import os
import signal
import sys
import time
import uuid

BASE = os.environ["FLUENT_BASE_URL"]
HOST, _, PREFIX = BASE.removeprefix("http://").partition("/")
PREFIX = f"/{PREFIX}" if PREFIX else ""
SECONDS_TO_ANSWER = 3.0
"""So that a machine that is busy with other things is not taken for a lost reply."""
PATIENCE = 8


class TryAgainError(Exception):
    """Nothing came, or nothing that says whether it was taken in."""


class ExpiredError(Exception):
    """The token is none any more."""


def call(path: str, body: str, headers: dict[str, str]) -> dict[str, object]:
    connection = http.client.HTTPConnection(HOST, timeout=SECONDS_TO_ANSWER)
    try:
        connection.request("POST", PREFIX + path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException) as fault:
        raise TryAgainError from fault
    finally:
        connection.close()
    if answer.status == 401:
        raise ExpiredError
    if answer.status == 429:
        time.sleep(float(answer.headers["Retry-After"]))
    if answer.status == 429 or answer.status >= 500:
        raise TryAgainError
    if answer.status != 200:
        raise SystemExit(f"refused: {answer.status}")
    try:
        found = json.loads(content)
    except ValueError as fault:
        raise TryAgainError from fault
    return dict(found)


def sign_in() -> str:
    pairs = {
        "grant_type": "password",
        "client_id": os.environ["FLUENT_CLIENT_ID"],
        "client_secret": os.environ["FLUENT_CLIENT_SECRET"],
        "username": os.environ["FLUENT_USERNAME"],
        "password": os.environ["FLUENT_PASSWORD"],
        "scope": "api",
    }
    query = "&".join(f"{name}={value}" for name, value in pairs.items())
    return str(call(f"/oauth/token?{query}", "", {})["access_token"])


def send(token: str, delta_id: str) -> None:
    delta = {
        "deltaId": delta_id,
        "productRef": "D45",
        "locationRef": "LOC_MEL",
        "qty": -1,
        "type": "SALE",
    }
    event = {
        "name": "INVENTORY_DELTA",
        "retailerId": os.environ["FLUENT_RETAILER_ID"],
        "entityRef": "DEFAULT:1",
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": "DEFAULT",
        "rootEntityRef": "DEFAULT:1",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "attributes": {"deltas": [delta]},
    }
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    call("/api/v4.1/event/async", json.dumps(event), headers)


class Session:
    """Who is signed in, and how much care is taken."""

    def __init__(self, manner: str) -> None:
        self.manner = manner
        self.token = ""

    def renew(self) -> None:
        for _ in range(PATIENCE):
            try:
                self.token = sign_in()
                return
            except TryAgainError:
                if self.manner == "never-retries":
                    raise SystemExit("could not sign in") from None
        raise SystemExit("could not sign in")

    def sell(self, sale: str) -> None:
        delta_id = sale
        for _ in range(PATIENCE):
            try:
                send(self.token, delta_id)
                return
            except TryAgainError:
                if self.manner == "never-retries":
                    raise SystemExit(f"{sale} is lost") from None
                if self.manner == "gives-up-hard":
                    give_up_hard()
                if self.manner == "new-delta-id":
                    delta_id = uuid.uuid4().hex
            except ExpiredError:
                if self.manner == "forgets-expiry":
                    raise SystemExit(f"{sale}: not signed in any more") from None
                self.renew()
        raise SystemExit(f"{sale} is lost")


def give_up_hard() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        os.setsid()
    else:
        sys.stdout.write("it does not answer\n" * 200_000)
    time.sleep(600)


def main() -> None:
    manner, sales = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    session = Session(manner)
    session.renew()
    for sale in range(1, sales + 1):
        session.sell(f"sale-{sale}")


if __name__ == "__main__":
    main()
