"""Commands of ours in files of others: whether they take what they are given there."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from ...cli.helpers.command_line import commands, options_of


def our_commands_in(script: str) -> Iterator[list[str]]:
    """The words after `fluent-sim` of each command in the lines of a shell."""
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["fluent-sim"]:
            yield words[1:]


def wrong_words(words: Sequence[str]) -> list[str]:
    """What a command of ours does not take; what stands behind `--` is another command's."""
    ours = list(words[: words.index("--")] if "--" in words else words)
    verb = max(
        (each for each in commands() if each and list(each) == ours[: len(each)]),
        key=len,
        default=None,
    )
    if verb is None:
        return [" ".join(ours)]
    given = {word.partition("=")[0] for word in ours if word.startswith("-")}
    return sorted(given - options_of(verb))
