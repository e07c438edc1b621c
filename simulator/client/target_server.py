"""Which server is meant, who signs in there, and what stock is written to."""

from __future__ import annotations

from dataclasses import dataclass

from ..settings import Settings

_OURS = Settings()
"""Who may sign in on a simulator that was started without settings."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server and the account on it; `is_ours` means that a simulator answers there."""

    url: str
    account: str = _OURS.account
    retailer_id: str = _OURS.retailers[0]
    client_id: str = _OURS.client_id
    client_secret: str = _OURS.client_secret
    username: str = _OURS.username
    password: str = _OURS.password
    is_ours: bool = True
    patience: float = 20.0
    """Seconds until something accepted must have been applied."""
    pause: float = 0.005
    """Seconds between two looks at something that is awaited."""

    @property
    def catalogue_ref(self) -> str:
        """The inventory catalogue that the retailer's batches go to."""
        return f"DEFAULT:{self.retailer_id}"
