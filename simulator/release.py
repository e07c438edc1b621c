"""Which release this is."""

from functools import cache

DISTRIBUTION = "fluent-oms-simulator"
"""What it is called where packages are installed from."""


@cache
def version() -> str:
    """The version that is installed."""
    from importlib.metadata import version as installed  # takes milliseconds to import

    return installed(DISTRIBUTION)
