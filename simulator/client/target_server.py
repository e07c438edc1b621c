"""Which server is meant, who signs in there, and what stock is written to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """A server and the account on it; `is_ours` means that a simulator answers there."""

    url: str
    account: str = "FCTRAIN1001"
    retailer_id: str = "1"
    client_id: str = "fluent-sim"
    client_secret: str = "fluent-sim-secret"
    username: str = "sim"
    password: str = "sim-password"
    is_ours: bool = True
    patience: float = 20.0
    """Seconds until something accepted must have been applied."""
    pause: float = 0.005
    """Seconds between two looks at something that is awaited."""

    @property
    def catalogue_ref(self) -> str:
        """The inventory catalogue that the retailer's batches go to."""
        return f"DEFAULT:{self.retailer_id}"
