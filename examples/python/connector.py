"""A connector in Python with requests: a full load, a delta that is safe to send again, a look.

Where it sends to and who it signs in as come from the environment: FLUENT_BASE_URL and the others.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from typing import Any

import requests

BASE_URL = os.environ["FLUENT_BASE_URL"]
ACCOUNT = os.environ["FLUENT_ACCOUNT"]
RETAILER = os.environ["FLUENT_RETAILER_ID"]
CATALOGUE = f"DEFAULT:{RETAILER}"
SIGN_IN = {
    "grant_type": "password",
    "client_id": os.environ["FLUENT_CLIENT_ID"],
    "client_secret": os.environ["FLUENT_CLIENT_SECRET"],
    "username": os.environ["FLUENT_USERNAME"],
    "password": os.environ["FLUENT_PASSWORD"],
    "scope": "api",
}

SECONDS_TO_ANSWER = 30
TRIES = 6
LOOKS = 60
FOR_THE_MOMENT = (429, 500, 502, 503, 504)

POSITION = """
query ($product: [String!], $location: [String]) {
  inventoryPositions(productRef: $product, locationRef: $location, first: 1) {
    edges { node { ref onHand } }
  }
}
"""


class Fluent:
    """A signed-in caller. What fails for the moment is sent again, the same to the letter."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._token = ""

    def post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        return self._call("POST", path, json=document)

    def get(self, path: str) -> dict[str, Any]:
        return self._call("GET", path)

    def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """The answer. A call whose answer was lost may have been carried out: it goes out again."""
        for tried in range(TRIES):
            pause = 2.0**tried
            try:
                answer = self._once(method, path, **content)
                if answer.status_code == 401 and self._token:
                    self._token = ""  # it has expired before its time
                elif answer.status_code not in FOR_THE_MOMENT:
                    answer.raise_for_status()
                    document: dict[str, Any] = answer.json()
                    return document
                pause = max(pause, float(answer.headers.get("Retry-After", 0)))
                why = f"status {answer.status_code}"
            except requests.HTTPError:
                raise
            except requests.RequestException as fault:
                why = str(fault)
            print(f"{method} {path}: {why}; again in {pause:g} s", file=sys.stderr)
            time.sleep(pause)
        sys.exit(f"{method} {path} failed {TRIES} times")

    def _once(self, method: str, path: str, **content: Any) -> requests.Response:
        """What the call is answered, or what the sign-in is that it needs."""
        if not self._token:
            answer = self._send("POST", "/oauth/token", data=SIGN_IN)
            if not answer.ok:
                return answer
            self._token = str(answer.json()["access_token"])
        headers = {"Authorization": f"Bearer {self._token}"}
        return self._send(method, path, headers=headers, **content)

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        return self._session.request(method, BASE_URL + path, timeout=SECONDS_TO_ANSWER, **content)


def load(fluent: Fluent, counts: dict[tuple[str, str], int]) -> None:
    """A full load: a job, one batch of counts, and its status until it is COMPLETE."""
    job = fluent.post("/api/v4.1/job", {"name": "full load", "retailerId": RETAILER})["id"]
    records = [
        {
            "skuRef": sku,
            "locationRef": location,
            "qty": qty,
            "type": "LAST_ON_HAND",
            "status": "ACTIVE",
            "retailerId": int(RETAILER),
        }
        for (sku, location), qty in counts.items()
    ]
    batch = {"action": "UPSERT", "entityType": "INVENTORY", "entities": records}
    batch_id = fluent.post(f"/api/v4.1/job/{job}/batch", batch)["id"]
    for _ in range(LOOKS):
        if fluent.get(f"/api/v4.1/job/{job}/batch/{batch_id}")["status"] == "COMPLETE":
            return
        time.sleep(1)  # not more often: the platform has other work to do
    sys.exit(f"batch {batch_id} of job {job} is not COMPLETE")


def send_delta(fluent: Fluent, sku: str, location: str, qty: int) -> None:
    """A change of stock. Its id is made once, so that no second try counts twice."""
    delta = {
        "productRef": sku,
        "locationRef": location,
        "qty": qty,
        "type": "DELTA",
        "deltaId": str(uuid.uuid4()),
    }
    event = {
        "name": "INVENTORY_DELTA",
        "accountId": ACCOUNT,
        "retailerId": RETAILER,
        "entityRef": CATALOGUE,
        "entityType": "INVENTORY_CATALOGUE",
        "entitySubtype": "DEFAULT",
        "rootEntityType": "INVENTORY_CATALOGUE",
        "rootEntityRef": CATALOGUE,
        "attributes": {"deltas": [delta]},
    }
    fluent.post("/api/v4.1/event/async", event)


def on_hand(fluent: Fluent, sku: str, location: str) -> int | None:
    """What Fluent has on hand; None where it knows no such position."""
    variables = {"product": [sku], "location": [location]}
    answer = fluent.post("/graphql", {"query": POSITION, "variables": variables})
    edges = answer["data"]["inventoryPositions"]["edges"]
    return int(edges[0]["node"]["onHand"]) if edges else None


def main() -> None:
    fluent = Fluent()
    load(fluent, {("SHIRT-M", "STORE-1"): 500, ("SHIRT-L", "STORE-1"): 80})
    send_delta(fluent, "SHIRT-M", "STORE-1", -3)
    for _ in range(LOOKS):
        found = on_hand(fluent, "SHIRT-M", "STORE-1")
        if found == 497:
            print(f"SHIRT-M at STORE-1: {found} on hand")
            return
        time.sleep(1)
    sys.exit(f"SHIRT-M at STORE-1: {found} on hand, expected 497")


if __name__ == "__main__":
    main()
