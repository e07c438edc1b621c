"""What the domain refuses with, and those refusals that a caller's reply tells apart."""


class RuleError(Exception):
    """A rule refused: nothing was changed, and the message says why."""


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
