"""How a world is to be, in the words of a test; and the same for the control API and for flags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Literal, TypedDict

from ..settings import SETTINGS, Settings
from .unstruck_faults import Unstruck, checked_unstruck
from .world_clock import moment_text

__tracebackhide__ = True  # pytest shows the line of the test that has called


class WorldOptions(TypedDict, total=False):
    """How a world is to be; what is left out is as with `fluent-sim serve`, without stock."""

    account: str
    retailers: Sequence[str] | str
    """Their ids; a text is one of them."""
    client_id: str
    client_secret: str
    username: str
    password: str
    auth: Literal["strict", "off"]
    profile: Literal["strict", "documented"]
    behaviours: Mapping[str, str]
    """Switches by name, over the profile."""
    conformance: Literal["on", "off"]
    seed_data: Literal["demo", "none"]
    settling: Literal["immediate", "manual"] | Mapping[str, object]
    """How fast what was accepted is applied; a mapping as the control API has it."""
    faults: str | Mapping[str, object] | Sequence[Mapping[str, object]]
    """A preset, a rule or rules."""
    seed: int
    """What the chance of faults goes by."""
    at: datetime | str
    """The time that its clock begins with."""
    frozen: bool
    """Whether its clock stands still."""
    unstruck: Unstruck
    """What is done at the end about a fault that was to strike, and has struck nothing."""


KNOWN = tuple(WorldOptions.__annotations__)

IN_A_WISH = {
    "account": "account",
    "retailers": "retailers",
    "client_id": "clientId",
    "client_secret": "clientSecret",
    "username": "username",
    "password": "password",
    "auth": "auth",
    "profile": "profile",
    "behaviours": "behaviours",
    "conformance": "conformance",
    "seed_data": "seedData",
}
"""What an option is called where a namespace is made; the same are flags of a server."""


def check_options(options: Mapping[str, object], where: str) -> None:
    """Raise TypeError with a sentence for an option that there is not."""
    for name in options:
        if name not in KNOWN:
            near = get_close_matches(name, KNOWN, n=1)
            hint = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(KNOWN)}"
            raise TypeError(f"{where} knows no {name}; {hint}")


def wish_of(options: WorldOptions) -> dict[str, object]:
    """The body that makes a namespace be so."""
    given: Mapping[str, Any] = options
    unstruck_of(options)  # before anything is made
    wish: dict[str, Any] = {"seedData": "none"}
    for name, key in IN_A_WISH.items():
        if name in given:
            wish[key] = list(retailers_of(options)) if name == "retailers" else given[name]
    trouble = {"clock": clock_of(options), "settling": settling_of(options)}
    wish |= {name: value for name, value in trouble.items() if value}
    faults = faults_of(options)
    if faults and "seed" in given:
        faults["seed"] = given["seed"]
    return wish | ({"faults": faults} if faults else {})


def retailers_of(options: WorldOptions) -> tuple[str, ...]:
    """The ids of the retailers; raises TypeError for what is no list of texts."""
    said: Any = options.get("retailers")
    ids = (said,) if isinstance(said, str) else tuple(said) if isinstance(said, Sequence) else said
    if not (isinstance(ids, tuple) and ids and all(isinstance(each, str) for each in ids)):
        raise TypeError(f"retailers: found {said!r}, expected ids as texts, such as ['1', '2']")
    return ids


def unstruck_of(options: WorldOptions) -> Unstruck:
    """What is done about a fault that has struck nothing; raises ValueError for another word."""
    return checked_unstruck(options.get("unstruck", "fail"))


def settling_of(options: WorldOptions) -> dict[str, object]:
    """How it settles, for the control API; nothing where that is not said."""
    said: Any = options.get("settling")
    if said is None:
        return {}
    if isinstance(said, str):
        return {"mode": said}
    if not isinstance(said, Mapping):
        raise TypeError(f"settling: found {said!r}, expected a mode or a mapping")
    return dict(said)


def faults_of(options: WorldOptions) -> dict[str, object]:
    """What is to go wrong in it, for the control API; nothing where nothing is."""
    said: Any = options.get("faults")
    if not said:
        return {}
    if isinstance(said, str):
        return {"preset": said}
    rules = [said] if isinstance(said, Mapping) else said
    if not isinstance(rules, Sequence) or not all(isinstance(each, Mapping) for each in rules):
        raise TypeError(f"faults: found {said!r}, expected a preset's name, a rule or rules")
    return {"rules": [dict(each) for each in rules]}


def clock_of(options: WorldOptions) -> dict[str, object]:
    """How its clock is to be set; nothing where it goes as the machine's."""
    clock: dict[str, object] = {}
    if "at" in options:
        clock["now"] = moment_text(options["at"])
    if "frozen" in options:
        clock["frozen"] = options["frozen"]
    return clock


def settings_of(options: WorldOptions) -> Settings:
    """The settings of a server whose world without a name is so."""
    given: Mapping[str, Any] = options
    own = {name: given[name] for name in IN_A_WISH if name in given}
    if "retailers" in own:
        own["retailers"] = retailers_of(options)
    behaviours = own.get("behaviours", {})
    if not isinstance(behaviours, Mapping):
        raise TypeError(f"behaviours: found {behaviours!r}, expected a mapping of names to values")
    return Settings(**{"seed_data": "none", **own})


def flags_of(settings: Settings) -> list[str]:
    """The flags that start a server with these settings."""
    flags: list[str] = []
    for row in SETTINGS:
        value = getattr(settings, row.target)
        if row.target not in IN_A_WISH or value == getattr(Settings(), row.target):
            continue
        if isinstance(value, Mapping):
            texts = [f"{name}={setting}" for name, setting in value.items()]
        else:
            texts = [value] if isinstance(value, str) else list(value)
        for text in texts:
            flags += (row.flag, text)
    return flags
