"""What may be shown of how callers sign in: on pages, and by the control API."""

from dataclasses import fields

from ..settings import Settings
from .access_tokens import Credentials

WELL_KNOWN = Settings()
NAMES = tuple(item.name for item in fields(Credentials))


def shown_credentials(settings: Settings) -> dict[str, str]:
    """The client and user that a page may show; empty where it may not.

    Other machines are shown nothing, and nobody a secret that the user has chosen: pages end up in
    caches and pictures.
    """
    return {name: getattr(settings, name) if _may_show(settings, name) else "" for name in NAMES}


def _may_show(settings: Settings, name: str) -> bool:
    if not settings.is_loopback:
        return False
    is_secret = name in ("client_secret", "password")
    return not is_secret or getattr(settings, name) == getattr(WELL_KNOWN, name)
