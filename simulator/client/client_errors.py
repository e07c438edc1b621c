"""Why a call came to nothing."""

from __future__ import annotations


class ClientError(Exception):
    """What kept a caller from what it wanted; the message is a sentence for people."""


class UnreachableError(ClientError):
    """No answer came, or none that can be read; `reason` says why without saying from where."""

    def __init__(self, asked: str, reason: str) -> None:
        super().__init__(f"{asked}: {reason}")
        self.reason = reason


class SignInError(ClientError):
    """The server gave no token."""


class AnswerError(ClientError):
    """An answer that is not what the documentation lets a caller expect."""


class LateError(AnswerError):
    """Something that was accepted has not come about in time."""


class ForeignServerError(ClientError):
    """A server that is no simulator of ours, and for which something is missing."""


class StartError(ClientError):
    """A server that did not become ready; `said` is what it printed on standard error."""

    def __init__(self, message: str, said: str = "") -> None:
        super().__init__(message)
        self.said = said
