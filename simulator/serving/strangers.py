"""What is known to everybody lets nobody in from other machines."""

import secrets
from dataclasses import replace

from ..settings import Settings


def closed_to_strangers(settings: Settings) -> Settings:
    """The settings, with secrets made up for those that have their default and were not chosen.

    Where only this machine can call, the defaults stay: they are what the README shows.
    """
    if settings.is_loopback or settings.auth == "off":
        return settings
    return replace(
        settings,
        client_secret=_unknown(settings, "client_secret"),
        password=_unknown(settings, "password"),
    )


def _unknown(settings: Settings, name: str) -> str:
    """The secret of that name as it was chosen, or one that nobody knows."""
    value = str(getattr(settings, name))
    if name in settings.given or value != getattr(Settings(), name):
        return value
    return secrets.token_urlsafe(24)
