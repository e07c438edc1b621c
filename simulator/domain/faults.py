"""Refusals of the domain that a caller's reply tells apart."""

from .inventory import RuleError

__all__ = ["NegativeValue", "NotFound", "NotUnique", "RuleError", "TooLong", "TooMuchToRead"]


class NotFound(RuleError):  # noqa: N818 - named for what it is about
    """What was named does not exist."""


class NotUnique(RuleError):  # noqa: N818 - named for what it is about
    """The ref is taken."""


class NegativeValue(RuleError):  # noqa: N818 - named for what it is about
    """The value may not be below zero."""


class TooLong(RuleError):  # noqa: N818 - named for what it is about
    """The text is longer than the platform keeps."""


class TooMuchToRead(RuleError):  # noqa: N818 - named for what it is about
    """A search would keep everybody else waiting for too long."""
