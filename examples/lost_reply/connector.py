"""A connector that reports sales to Fluent, and tries again when no reply comes. It has a bug."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

import urllib3


class Connector:
    """Sends the sales of a till."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.settings = settings
        self.http = urllib3.PoolManager(retries=False)
        self.numbers = itertools.count(1)

    def sell(self, product: str, location: str, quantity: int) -> None:
        """Report a sale; tries three times."""
        for _ in range(3):
            delta_id = f"sale-{next(self.numbers)}"
            change = {"productRef": product, "locationRef": location, "qty": -quantity}
            try:
                return self.send({**change, "type": "DELTA", "deltaId": delta_id})
            except urllib3.exceptions.HTTPError:
                continue  # no reply came: once more
        raise RuntimeError("Fluent does not answer")

    def send(self, delta: Mapping[str, object]) -> None:
        """Send one delta; raises HTTPError where no reply comes."""
        retailer = self.settings["FLUENT_RETAILER_ID"]
        event = {
            "name": "INVENTORY_DELTA",
            "accountId": self.settings["FLUENT_ACCOUNT"],
            "retailerId": retailer,
            "entityRef": f"DEFAULT:{retailer}",
            "entityType": "INVENTORY_CATALOGUE",
            "entitySubtype": "DEFAULT",
            "rootEntityType": "INVENTORY_CATALOGUE",
            "rootEntityRef": f"DEFAULT:{retailer}",
            "attributes": {"deltas": [delta]},
        }
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        url = self.settings["FLUENT_BASE_URL"] + "/api/v4.1/event/async"
        reply = self.http.request("POST", url, body=json.dumps(event), headers=headers)
        if reply.status != 200:
            raise urllib3.exceptions.HTTPError(f"Fluent answered {reply.status}")

    @cached_property
    def token(self) -> str:
        """An access token."""
        names = ("client_id", "client_secret", "username", "password")
        form = {name: self.settings[f"FLUENT_{name.upper()}"] for name in names}
        body = urlencode({"grant_type": "password", "scope": "api", **form})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        url = self.settings["FLUENT_BASE_URL"] + "/oauth/token"
        reply = self.http.request("POST", url, body=body, headers=headers)
        return str(json.loads(reply.data)["access_token"])
