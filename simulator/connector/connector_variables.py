"""What a connector under test is told in its environment: where Fluent is, and who signs in.

The names are those of the samples of the vendor's client, as far as it has any (version 0.1.56).
A file can give them other names, or put several into one text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from string import Template

from ..client.target_server import Target
from ..text.encoding import encoding_fault

NAMES = {
    "FLUENT_BASE_URL": "url",
    "FLUENT_ACCOUNT": "account",
    "FLUENT_RETAILER_ID": "retailer_id",
    "FLUENT_CLIENT_ID": "client_id",
    "FLUENT_CLIENT_SECRET": "client_secret",
    "FLUENT_USERNAME": "username",
    "FLUENT_PASSWORD": "password",
}
"""Each variable, and the field of a target that it has."""
MOST_BYTES = 64 * 1024

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)=(?P<text>.*)")
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<text>.*)(?P=quote)""")


class VariablesError(ValueError):
    """A file of variables that cannot be used; the message says where, what and what instead."""


def connector_variables(target: Target) -> dict[str, str]:
    """The variables that tell a connector which server is Fluent, and as whom to sign in."""
    return {name: str(getattr(target, field)) for name, field in NAMES.items()}


class FurtherVariables:
    """The variables of a file, such as `OMS_TOKEN_URL=${FLUENT_BASE_URL}/oauth/token`.

    One on a line; `#` begins a comment line, quotes round the text and `export` before the name may
    be there. `${NAME}` stands for a variable that a connector is told, `$$` for a dollar.
    """

    def __init__(self, path: str | Path) -> None:
        """Read them; raises VariablesError."""
        self._texts: dict[str, Template] = {}
        for number, line in enumerate(_lines(Path(path)), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                self._take(f"{path} line {number}", line.strip())

    def filled(self, variables: Mapping[str, str]) -> dict[str, str]:
        """What they are, for a connector that is told these."""
        return {name: text.substitute(variables) for name, text in self._texts.items()}

    def _take(self, where: str, line: str) -> None:
        found = _LINE.fullmatch(line)
        if found is None:
            raise VariablesError(f"{where}: found {line[:80]!r}, expected NAME=TEXT")
        name, text = found["name"], found["text"].strip()
        if name in self._texts:
            raise VariablesError(f"{where}: {name} stands there twice; take one of them out")
        quoted = _QUOTED.fullmatch(text)
        template = Template(quoted["text"] if quoted else text)
        if not template.is_valid():
            raise VariablesError(
                f"{where}: {name} has a $ that names no variable: expected such as"
                " ${FLUENT_BASE_URL}, or $$ for a dollar"
            )
        for used in template.get_identifiers():
            if used not in NAMES:
                near = get_close_matches(used.upper(), NAMES, n=1)
                meant = (
                    f"did you mean {near[0]}?" if near else f"expected one of {', '.join(NAMES)}"
                )
                raise VariablesError(f"{where}: {used} is not known here; {meant}")
        self._texts[name] = template


def _lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise VariablesError(f"{path}: {fault.strerror}") from None
    if len(data) > MOST_BYTES:
        raise VariablesError(f"{path} has more than {MOST_BYTES:,} bytes")
    if encoding := encoding_fault(data):
        raise VariablesError(f"{path}: {encoding.sentences}")
    text = data.decode("utf-8")
    if "\0" in text:
        raise VariablesError(f"{path}: found a sign of value 0, which no variable can hold")
    return text.splitlines()
