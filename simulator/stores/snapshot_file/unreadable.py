"""Why a snapshot's file cannot be read."""

from typing import Self


class SnapshotFault(Exception):  # noqa: N818 - named for what it is about
    """What is wrong with one line, in whole sentences or by where it is and what was expected."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        super().__init__(f"at {where} found {found}, expected {expected}")

    @classmethod
    def told(cls, sentence: str) -> Self:
        """What is wrong, in words of its own."""
        fault = cls("", "", "")
        fault.args = (sentence,)
        return fault


class UnreadableSnapshot(Exception):  # noqa: N818 - named for what it is about
    """Why a file cannot be read, in a sentence; nothing of it has been taken over."""


class UnwritableSnapshot(Exception):  # noqa: N818 - named for what it is about
    """Why a state would make a file that nobody could read, in a sentence."""
