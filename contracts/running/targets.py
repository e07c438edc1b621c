"""The target of a run: a server that answers and lets the caller in, or one started for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

from ..target.api import Api, SignInError
from ..target.local_simulator import running_simulator
from ..target.recorded_calls import Limiter, UnreachableError, Wire
from ..target.target_server import Target
from .careful import is_ours
from .options import GENTLE_RATE, CannotRunError, Options

FOREIGN_PATIENCE = 120.0
FOREIGN_PAUSE = 1.0


class Chosen(NamedTuple):
    """A target, a caller that is signed in there, and how many requests a second it may send."""

    target: Target
    api: Api
    rate: float | None


@contextmanager
def chosen_target(options: Options) -> Iterator[Chosen]:
    """The server that the options name, or a simulator in this process; raises CannotRunError.

    The options have been looked at by `check_options`.
    """
    if options.url is not None:
        yield _signed_in(options, _named(options))
        return
    with running_simulator(options.behaviours) as target:
        yield _signed_in(options, target)


def _named(options: Options) -> Target:
    given = {
        name: value
        for name in Target.__dataclass_fields__
        if (value := getattr(options, name, None)) and name != "url"
    }
    return Target(url=(options.url or "").rstrip("/"), **given)


def _signed_in(options: Options, target: Target) -> Chosen:
    """Find out whose server it is, and sign in."""
    limiter = Limiter(options.max_rate or GENTLE_RATE)
    wire = Wire(limiter, through_proxies=not _is_this_machine(target.url))
    try:
        ours = options.url is None or is_ours(Api(target, wire))
        if not ours:
            _need_credentials(options)
            target = replace(target, is_ours=False, patience=FOREIGN_PATIENCE, pause=FOREIGN_PAUSE)
        rate = options.max_rate or (None if ours else GENTLE_RATE)
        wire.limiter = Limiter(rate)
        api = Api(target, wire)
        assert api.token
    except UnreachableError as fault:
        raise CannotRunError(str(fault)) from None
    except SignInError as fault:
        raise CannotRunError(f"{target.url} does not let the user in: {fault}") from None
    return Chosen(target, api, rate)


def _need_credentials(options: Options) -> None:
    missing = [
        "--" + name.replace("_", "-").removesuffix("-id" if name == "retailer_id" else "\0")
        for name in ("account", "retailer_id", "client_id", "client_secret", "username", "password")
        if not getattr(options, name)
    ]
    if missing:
        raise CannotRunError(
            f"{options.url} is not a simulator of ours: it takes {', '.join(missing)}"
        )


def _is_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")
