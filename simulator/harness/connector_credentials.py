"""What a connector signs in with, and the environment variables that tell it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..client.target_server import Target
from ..connector.connector_variables import connector_variables


@dataclass(frozen=True, slots=True)
class ConnectorCredentials:
    """An account of Fluent's, with a client and a user of it."""

    account: str
    retailer_id: str
    client_id: str
    client_secret: str = field(repr=False)
    username: str
    password: str = field(repr=False)

    @classmethod
    def told(cls, world: Mapping[str, Any]) -> ConnectorCredentials:
        """Those of a world, as the control API tells them."""
        return cls(
            account=world["account"],
            retailer_id=world["retailers"][0],
            client_id=world["clientId"],
            client_secret=world["clientSecret"],
            username=world["username"],
            password=world["password"],
        )

    def environment(self, url: str) -> dict[str, str]:
        """The variables that a connector's configuration is made of."""
        return connector_variables(self.target(url))

    def target(self, url: str) -> Target:
        """The server at an address, with who signs in there."""
        return Target(
            url,
            account=self.account,
            retailer_id=self.retailer_id,
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=self.username,
            password=self.password,
        )
