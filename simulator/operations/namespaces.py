"""Worlds of their own beside the one without a name: made, shown, dropped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple, Protocol

from ..clock import MovableClock
from ..domain.settling import Settling, settling_of
from ..domain.trouble.fault_rules import FaultRule
from ..domain.webhooks.webhook import Webhook
from ..errors import Fault, api_error, refused
from ..intake.parsing import parse
from ..intake.requests import Requests, as_in
from ..settings import Settings
from ..worlds import BELOW, Inhabited, NameTakenError, TooManyWorldsError, World, Worlds
from .behaviour_setting import switch_fault
from .clock_setting import moment_of
from .fault_setting import rules_of
from .parameters import check_name
from .replies import Reply
from .settling_choice import settling_faults
from .start_and_count import start_and_count
from .webhook_setting import WebhookOperations, namespace_webhooks
from .webhook_wish import Tells

FIELDS = {
    "account": "account",
    "retailers": "retailers",
    "clientId": "client_id",
    "clientSecret": "client_secret",
    "username": "username",
    "password": "password",
    "auth": "auth",
    "seedData": "seed_data",
    "profile": "profile",
    "conformance": "conformance",
}
"""What a namespace may have of its own, and the setting that it stands for."""
OF_THE_SERVER = "http.max_body_bytes"
"""The switch that holds before it is known for which namespace a body is."""
MOST_AT_ONCE = 1000
"""Namespaces on a page."""


class Home(Inhabited, Tells, Protocol):
    """The simulator without a name."""

    webhook_setting: WebhookOperations


class NamespaceOperations:
    """Makes namespaces, shows them and drops them."""

    def __init__(
        self,
        home: Home,
        worlds: Worlds[Any] | None,
        make_world: Callable[[Settings, MovableClock], Any] | None,
    ) -> None:
        """A simulator that has a name itself has no `worlds`."""
        self._home = home
        self._of_home = worlds
        self._make_world = make_world
        self._requests = Requests(home.schemas, home.behaviour)

    def list_all(self, query: Mapping[str, str], root: str) -> Reply:
        """GET /__admin/namespaces: by name, paged; `root` is the address of the server."""
        worlds = self._worlds
        start, count = start_and_count(query, MOST_AT_ONCE)
        by_name = sorted(worlds, key=lambda world: world.name)
        return Reply(
            {
                "total": len(by_name),
                "start": start,
                "count": count,
                "most": worlds.most,
                "idleMinutes": worlds.longest_idle // 60,
                "droppedIdle": worlds.dropped_idle,
                "namespaces": [_told(world, root) for world in by_name[start : start + count]],
            }
        )

    def find(self, name: str, root: str) -> Reply:
        """GET /__admin/namespaces/{name}; raises ApiError (404)."""
        return Reply(_told(self._worlds.find(name), root))

    def make(self, name: str, body: bytes, root: str) -> Reply:
        """PUT /__admin/namespaces/{name}: 201, or 200 where it has been made in the same way.

        Raises ApiError: 400 for a name or a body that cannot be used, 409 where there is one that
        was made otherwise, or as many as there may be.
        """
        worlds = self._worlds
        check_name(name)
        wish = self._requests.sound("namespace", parse(body), body) if body else {}
        settings, clock = self._settings(wish), _clock(wish)
        trouble = _trouble(wish, body)
        webhooks = self._webhooks(wish, body)
        build = partial(self._made, settings, clock, trouble, webhooks)
        try:
            world, is_new = worlds.make(name, wish, build)
        except NameTakenError:
            raise api_error(
                409,
                f"There is a namespace {name!r} that was made with another body: DELETE it first,"
                " or choose another name.",
            ) from None
        except TooManyWorldsError:
            raise api_error(
                409,
                f"There are {worlds.most:,} namespaces, the most at once (--most-namespaces):"
                " DELETE those that are done with.",
            ) from None
        return Reply(_told(world, root), 201 if is_new else 200)

    def drop(self, name: str) -> Reply:
        """DELETE /__admin/namespaces/{name}: all that is in it is gone; raises ApiError (404)."""
        self._worlds.drop(name)
        return Reply({"status": "dropped", "name": name})

    @property
    def _worlds(self) -> Worlds[Any]:
        if self._of_home is None:
            raise api_error(
                404,
                "A namespace has no namespaces of its own: call the control API of the server,"
                " /__admin/namespaces without anything before it.",
            )
        return self._of_home

    def _webhooks(self, wish: Mapping[str, Any], body: bytes) -> list[Webhook]:
        """Raises ApiError: 400 for one that cannot be had, 501 where what signs is missing."""
        webhooks, faults = namespace_webhooks(wish.get("webhooks", {}), self._home)
        if faults:
            raise refused(as_in(body, faults))
        if webhooks:
            self._home.webhook_setting.check_installed()
        return webhooks

    def _made(
        self,
        settings: Settings,
        clock: MovableClock,
        trouble: "_Trouble",
        webhooks: Sequence[Webhook],
    ) -> Any:
        assert self._make_world is not None  # as there are worlds
        made = self._make_world(settings, clock)
        if trouble.settling is not None:
            made.worker.settle_by(trouble.settling)
        if trouble.rules:
            made.faults.arm(trouble.rules, trouble.seed)
        for webhook in webhooks:
            made.webhook_setting.add(webhook)
        return made

    def _settings(self, wish: Mapping[str, Any]) -> Settings:
        own: dict[str, Any] = {
            FIELDS[name]: tuple(dict.fromkeys(value)) if name == "retailers" else value
            for name, value in wish.items()
            if name in FIELDS
        }
        chosen = wish.get("behaviours", {})
        if OF_THE_SERVER in chosen:
            raise refused(
                [Fault(f"/behaviours/{OF_THE_SERVER}", "a switch of the whole server", "others")]
            )
        for name, value in chosen.items():
            fault = switch_fault(name, value)
            if fault is not None:
                raise refused([fault])
        of_home = self._home.settings
        return replace(of_home, behaviours={**of_home.behaviours, **chosen}, **own)


class _Trouble(NamedTuple):
    """What goes wrong in a world from its beginning, and how fast it settles."""

    rules: Sequence[FaultRule] = ()
    seed: int = 0
    settling: Settling | None = None


def _trouble(wish: Mapping[str, Any], body: bytes) -> _Trouble:
    """Raises ApiError (400) for what does not fit together."""
    faults: list[Fault] = []
    rules: list[FaultRule] = []
    chosen, settling = wish.get("faults"), wish.get("settling")
    if chosen is not None:
        rules, faults = rules_of(chosen, at="/faults")
    if settling is not None:
        faults += settling_faults(settling, "/settling")
    if faults:
        raise refused(as_in(body, faults))
    seed = 0 if chosen is None else chosen.get("seed", 0)
    return _Trouble(rules, seed, None if settling is None else settling_of(settling))


def _clock(wish: Mapping[str, Any]) -> MovableClock:
    clock = MovableClock()
    setting = wish.get("clock")
    if setting:
        clock.change(
            now=moment_of(setting, "/clock/now"),
            rate=setting.get("rate"),
            is_frozen=setting.get("frozen"),
        )
    return clock


def _told(world: World[Any], root: str) -> dict[str, object]:
    settings: Settings = world.simulator.settings
    url = root.rstrip("/") + BELOW + world.name
    return {
        "name": world.name,
        "url": url,
        "control": f"{url}/__admin",
        "idleSeconds": int(world.idle_seconds),
        **{name: getattr(settings, field) for name, field in FIELDS.items()},
        "behaviours": dict(settings.behaviours),
    }
