"""A webhook as a body, or a setting, asks for it: read, and refused where it cannot be had."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import urlsplit

from ..behaviour import Behaviour
from ..domain.webhooks.retry_schedule import RetrySchedule
from ..domain.webhooks.webhook import EventChoice, Webhook
from ..errors import Fault, shortened
from ..intake.schemas import Schemas
from ..settings import Settings
from ..stores.delivery_line import DeliveryLine
from ..stores.webhook_deliveries import InTheLine
from ..text.origins import ANY, DEFAULT_PORTS, host_name, is_local_name

STANDARD_PORTS = (80, 443)


class Tells(Protocol):
    """A simulator, as far as it tells what a webhook may be."""

    @property
    def settings(self) -> Settings:
        """How it was set up."""
        ...

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        ...

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        ...


def webhook_of(name: str, fields: Mapping[str, Any]) -> Webhook:
    """The webhook that sound fields ask for."""
    events, schedule = fields.get("events", {}), fields.get("retrySchedule")
    return Webhook(
        name,
        fields["url"],
        EventChoice(
            tuple(events.get("names", ())),
            tuple(events.get("statuses", ())),
            tuple(events.get("entityTypes", ())),
        ),
        None if schedule is None else RetrySchedule(schedule),
        fields.get("verifyTls", True),
    )


def webhook_told(line: DeliveryLine, in_line: InTheLine) -> dict[str, object]:
    """A webhook as a body that makes it, and how much it has before it."""
    webhook = line.webhook
    choice = {
        "names": webhook.choice.names,
        "statuses": webhook.choice.statuses,
        "entityTypes": webhook.choice.entity_types,
    }
    return {
        "name": webhook.name,
        "url": webhook.url,
        "events": {name: chosen for name, chosen in choice.items() if chosen},
        "retrySchedule": webhook.retry_schedule,
        "verifyTls": webhook.verifies_tls,
        "waiting": in_line.waiting,
        "retrying": in_line.retrying,
        "dropped": line.dropped,
    }


def wish_faults(fields: Mapping[str, Any], simulator: Tells) -> list[Fault]:
    """What is wrong with fields that are sound by their schema."""
    fault = _url_fault(fields["url"], simulator.settings.webhook_hosts, simulator.behaviour)
    return [] if fault is None else [fault]


def _url_fault(
    url: str, hosts: Sequence[str], behaviour: Behaviour, pointer: str = "/url"
) -> Fault | None:
    """What is wrong with an address that is to be posted to; None where nothing is.

    It is one of this machine, or of a host that the setting `webhook_host` names.
    """
    found = f'"{shortened(url)}"'
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return Fault(pointer, found, _WANTED)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or host_name(parts.netloc) is None:
        if parts.username is not None or parts.password is not None:
            return Fault(pointer, "one with a user name", f"{_WANTED}, without credentials")
        return Fault(pointer, found, _WANTED)
    if parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        return Fault(pointer, found, f"{_WANTED}, of ASCII characters, without a fragment")
    host = parts.hostname
    if not (is_local_name(host) or ANY in hosts or host in hosts):
        allowed = ", ".join(("one of this machine", *hosts))
        expected = f"{allowed}; another host is allowed by --webhook-host {shortened(host)}"
        return Fault(pointer, found, expected)
    if port == 0:
        return Fault(pointer, found, "a port from 1 to 65535")
    effective = port or DEFAULT_PORTS[parts.scheme]
    if behaviour.webhook_ports == "80_and_443" and effective not in STANDARD_PORTS:
        return Fault(pointer, found, "port 80 or 443 (behaviour webhook.ports)")
    return None


_WANTED = "an address such as http://127.0.0.1:9000/events, http or https"
