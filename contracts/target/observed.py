"""How an observation is written whose sign several values of a switch have."""

OR = " or "


def either(*values: str) -> str:
    """What was seen is a sign of any of these values."""
    return OR.join(values)
