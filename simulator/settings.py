"""What a user may set: one table, from which flags, environment names and file keys derive."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from .switches import PROFILES, STRICT, Profile
from .text.encoding import encoding_fault
from .text.environment import is_set_by_kubernetes
from .text.origins import LOCAL, OFF, is_local_name
from .text.setting_values import (
    UnusableError,
    bearer_token,
    host_names,
    one_of,
    page_origins,
    port,
    printable_text,
    retailer_ids,
    switch_values,
    webhook_urls,
    whole_number,
)
from .text.written_settling import settling_text

ENV_PREFIX = "FLUENT_SIM_"
CONFIG_ENV = ENV_PREFIX + "CONFIG"
ADMIN_TOKEN_ENV = ENV_PREFIX + "ADMIN_TOKEN"

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


OWN_FIELDS = ("given", "bound_to")
"""The fields of `Settings` that are no setting of the user's."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message names where it was read and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a simulator is started with."""

    host: str = "127.0.0.1"
    port: int = 4141
    account: str = "FCTRAIN1001"
    retailers: tuple[str, ...] = ("1",)
    client_id: str = "fluent-sim"
    client_secret: str = "fluent-sim-secret"
    username: str = "sim"
    password: str = "sim-password"
    auth: Literal["strict", "off"] = "strict"
    seed_data: str = "demo"
    faults: str = "none"
    profile: Profile = STRICT
    behaviours: Mapping[str, str] = field(default_factory=dict)
    settling: str = "immediate"
    log_level: str = "warning"
    conformance: Literal["on", "off"] = "on"
    # None: `serve` makes one up when the address is open to other machines.
    admin_token: str | None = None
    cors_origins: tuple[str, ...] = (LOCAL,)
    admin_cors_origins: tuple[str, ...] = (OFF,)
    most_namespaces: int = 1000
    namespace_idle: int = 10
    webhooks: tuple[str, ...] = ()
    webhook_hosts: tuple[str, ...] = ()
    webhook_key: str = "none"
    # Those that the user chose, were it to be the default, and where that was read.
    given: Mapping[str, str] = field(default_factory=dict, compare=False)
    # What the host's name was resolved to, once the server listens there.
    bound_to: str | None = field(default=None, compare=False)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the address; a name may mean any."""
        return is_local_name(self.bound_to or self.host.lower())


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: its file key, from which flag and environment name follow."""

    name: str
    help: str
    parse: Callable[[object], Any]
    metavar: str = "TEXT"
    field: str = ""
    repeatable: bool = False
    secret: bool = False

    @property
    def target(self) -> str:
        """The field of `Settings` it fills."""
        return self.field or self.name

    @property
    def flag(self) -> str:
        """Its command-line option."""
        return "--" + self.name.replace("_", "-")

    @property
    def env(self) -> str:
        """Its environment variable."""
        return ENV_PREFIX + self.name.upper()


SETTINGS = (
    Setting("host", "Address to listen on.", printable_text),
    Setting("port", "Port to listen on; 0 picks a free one.", port, metavar="NUMBER"),
    Setting("account", "The Fluent account that the simulator stands for.", printable_text),
    Setting(
        "retailer",
        "A retailer id of the account.",
        retailer_ids,
        metavar="ID",
        field="retailers",
        repeatable=True,
    ),
    Setting("client_id", "OAuth client id.", printable_text),
    Setting("client_secret", "OAuth client secret.", printable_text, secret=True),
    Setting("username", "User name of the password grant.", printable_text),
    Setting("password", "Password of the password grant.", printable_text, secret=True),
    Setting(
        "auth",
        "Whether calls need a bearer token: strict or off.",
        one_of("strict", "off"),
        metavar="strict|off",
    ),
    Setting(
        "admin_token",
        "What the control API asks for; made up at the start where other machines reach it.",
        bearer_token,
        secret=True,
    ),
    Setting(
        "cors_origin",
        "Pages that may use Fluent's paths from a browser: off, local (this machine's), any, or"
        " origins.",
        page_origins,
        metavar="ORIGIN|local|any|off",
        field="cors_origins",
        repeatable=True,
    ),
    Setting(
        "admin_cors_origin",
        "Pages that may use the control API from a browser: off, local, any, or origins.",
        page_origins,
        metavar="ORIGIN|local|any|off",
        field="admin_cors_origins",
        repeatable=True,
    ),
    Setting(
        "seed_data",
        "What it starts with: demo, none, or a file: JSON with inventory records, or CSV of stock.",
        printable_text,
        metavar="FILE|demo|none",
    ),
    Setting(
        "faults",
        "What goes wrong on purpose from the start: none, a preset, or a JSON file of fault rules.",
        printable_text,
        metavar="FILE|PRESET|none",
    ),
    Setting(
        "profile",
        "The values of all switches that are not set: strict refuses at the door, documented takes"
        " more and fails later.",
        one_of(*PROFILES),
        metavar="|".join(PROFILES),
    ),
    Setting(
        "behaviour",
        "A behaviour switch, over the profile; `fluent-sim behaviours` lists them.",
        switch_values,
        metavar="NAME=VALUE",
        field="behaviours",
        repeatable=True,
    ),
    Setting(
        "settling",
        "How fast what was accepted is applied: immediate, time: and milliseconds (500, 100-900, or"
        " 300~0.8, which is lognormal: median~sigma), or manual, which is when asked for.",
        settling_text,
        metavar="immediate|time:MS|manual",
    ),
    Setting(
        "conformance",
        "Whether all traffic is held against the rules, for `fluent-sim report`: on or off.",
        one_of("on", "off"),
        metavar="on|off",
    ),
    Setting(
        "most_namespaces",
        "How many namespaces there may be at once; `PUT /__admin/namespaces/{name}` makes one.",
        whole_number(1, 100_000),
        metavar="NUMBER",
    ),
    Setting(
        "namespace_idle",
        "Minutes without a call after which a namespace is dropped.",
        whole_number(1, 100_000),
        metavar="MINUTES",
    ),
    Setting(
        "webhook",
        "Where each event that has ended is posted to, signed; `fluent-sim webhooks` chooses more.",
        webhook_urls,
        metavar="URL",
        field="webhooks",
        repeatable=True,
    ),
    Setting(
        "webhook_host",
        "A host beside this machine that webhooks may be posted to, or any.",
        host_names,
        metavar="HOST|any",
        field="webhook_hosts",
        repeatable=True,
    ),
    Setting(
        "webhook_key",
        "A file with the private RSA key that webhooks are signed with, as PEM; none has one made"
        " when it is first needed.",
        printable_text,
        metavar="FILE|none",
    ),
    Setting(
        "log_level",
        "How much to log on standard error: " + ", ".join(LOG_LEVELS) + ".",
        one_of(*LOG_LEVELS),
        metavar="LEVEL",
    ),
)


def resolve(
    flags: Mapping[str, object],
    environ: Mapping[str, str],
    file: str | Path | None = None,
) -> Settings:
    """Settings from all layers; a flag wins over the environment, that over the file.

    `flags` has file keys as names; None and () mean "not given", and so does an empty text in
    `environ`. Behaviour switches are merged one by one: a flag leaves the file's others alone.
    """
    path = file or environ.get(CONFIG_ENV)
    in_file = _read(Path(path)) if path else {}
    values: dict[str, Any] = {}
    given: dict[str, str] = {}
    for row in SETTINGS:
        layers = (  # weakest first
            (f"{row.name} in {path}", in_file.get(row.name)),
            (f"the environment variable {row.env}", _in_environment(row, environ)),
            (row.flag, None if flags.get(row.name) == () else flags.get(row.name)),
        )
        for layer, found in layers:
            if found is None:
                continue
            parsed = _parsed(row, layer, found)
            if row.target == "behaviours":
                parsed = {**values.get("behaviours", {}), **parsed}
            values[row.target] = parsed
            given[row.target] = layer
    return Settings(**values, given=given)


def variables() -> list[str]:
    """The environment variables that are read."""
    return [*(row.env for row in SETTINGS), CONFIG_ENV, ADMIN_TOKEN_ENV]


def given_admin_token() -> str:
    """What the environment says that a simulator's control API asks for; empty for nothing."""
    return os.environ.get(ADMIN_TOKEN_ENV, "")


def environment_of_others() -> dict[str, str]:
    """The environment of this process without what it says for simulators."""
    return {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}


def default_of(row: Setting) -> object:
    """The default value of a setting, as `Settings` has it."""
    return getattr(Settings(), row.target)


def field_names() -> tuple[str, ...]:
    """The fields of `Settings` that a user may set."""
    return tuple(item.name for item in fields(Settings) if item.name not in OWN_FIELDS)


def _in_environment(row: Setting, environ: Mapping[str, str]) -> str | None:
    value = environ.get(row.env)
    return value if value and not is_set_by_kubernetes(row.env, value) else None


def _parsed(row: Setting, layer: str, found: object) -> Any:
    try:
        return row.parse(found)
    except UnusableError as fault:
        wrong = found if fault.found is None else fault.found
        shown = "what is not shown here" if row.secret else repr(wrong)
        raise SettingsError(f"{layer}: found {shown}, expected {fault.expected}") from None


def _read(path: Path) -> dict[str, object]:
    try:
        data = path.read_bytes()
        encoding = encoding_fault(data)
        if encoding is not None:
            raise SettingsError(f"the configuration file {path}: {encoding.sentences}")
        table = tomllib.loads(data.decode("utf-8"))
    except OSError as fault:
        raise SettingsError(f"the configuration file {path}: {fault.strerror}") from None
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(f"the configuration file {path}: not valid TOML: {fault}") from None
    known = [row.name for row in SETTINGS]
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]}?" if near else "expected one of " + ", ".join(known)
            raise SettingsError(f"{key} in {path}: no such setting; {hint}")
    return table
