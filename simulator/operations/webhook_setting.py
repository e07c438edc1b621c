"""Webhooks: made, shown and dropped, from a call, from a setting, or with a namespace."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from ..domain import bounds
from ..domain.bounds import LineFullError
from ..domain.events import Event
from ..domain.webhooks.webhook import PublicKey, Webhook
from ..errors import ApiError, Fault, api_error, not_found, pointer_token, refused, shortened
from ..intake.parsing import parse
from ..intake.requests import Requests, as_in
from ..release import DISTRIBUTION
from ..stores.delivery_line import DeliveryLine
from ..stores.webhook_deliveries import WebhookDeliveries
from .parameters import check_name, name_fault
from .replies import Reply
from .start_and_count import page_of
from .webhook_wish import Tells, webhook_of, webhook_told, wish_faults

MOST_AT_ONCE = 100
"""Webhooks on a page."""

SECONDS_TO_STOP = 5.0
"""For all deliveries that are on their way."""


class UnusableWebhooksError(ValueError):
    """What the simulator was to be started with; the message says what is wrong with it."""


class Signs(Protocol):
    """The key that webhooks are signed with."""

    @property
    def is_installed(self) -> bool:
        """Whether there is what signs."""
        ...

    @property
    def public(self) -> PublicKey:
        """What a receiver needs; raises ValueError for a file that holds no key."""
        ...


class PostsEvents(Protocol):
    """Whoever makes the deliveries of one webhook."""

    def give_up(self) -> None:
        """End; what is on its way is given up."""
        ...

    def wait(self, deadline: float) -> None:
        """Wait for that, until then by `time.monotonic()`."""
        ...


class WebhookOperations:
    """The webhooks of a simulator, and who makes their deliveries."""

    def __init__(
        self,
        simulator: Tells,
        deliveries: WebhookDeliveries,
        key: Signs,
        make_sender: Callable[[DeliveryLine], PostsEvents],
        listen: Callable[[Callable[[Event], object] | None], object],
    ) -> None:
        """`listen` has somebody told of every event that ends, or nobody."""
        self._simulator = simulator
        self._deliveries = deliveries
        self._key = key
        self._make_sender = make_sender
        self._listen = listen
        self._changing = threading.Lock()
        self._senders: dict[str, PostsEvents] = {}
        self._requests = Requests(simulator.schemas, simulator.behaviour)

    def list_all(self, query: Mapping[str, str]) -> Reply:
        """GET /__admin/webhooks: in the order in which they were made."""
        lines = self._deliveries.lines()
        page = page_of(lines, query, MOST_AT_ONCE)
        told = [webhook_told(line, self._deliveries.in_line(line)) for line in page.items]
        return Reply({"total": len(lines), "start": page.start, "webhooks": told})

    def find(self, name: str) -> Reply:
        """GET /__admin/webhooks/{name}; raises ApiError (404)."""
        return self._told(self.line_of(name))

    def make(self, name: str, body: bytes) -> Reply:
        """PUT /__admin/webhooks/{name}: 201, or 200 where it takes the place of one of its name.

        Raises ApiError: 400 for a name or a body that cannot be used, 409 where there are as many
        as there may be, 501 where what signs is not installed.
        """
        check_name(name)
        fields = self._requests.sound("webhook", parse(body), body)
        if faults := wish_faults(fields, self._simulator):
            raise refused(as_in(body, faults))
        self.check_installed()
        line, is_new = self.add(webhook_of(name, fields))
        return self._told(line, 201 if is_new else 200)

    def drop(self, name: str) -> Reply:
        """DELETE /__admin/webhooks/{name}, with its deliveries; raises ApiError (404)."""
        with self._changing:
            self.line_of(name)
            self._drop([name])
        return Reply({"status": "dropped", "name": name})

    def tell_key(self) -> Reply:
        """GET /__admin/webhook-key; raises ApiError (501)."""
        self.check_installed()
        public = self._key.public
        return Reply(
            {
                "algorithm": "RSA",
                "bits": public.bits,
                "publicKey": public.base64,
                "pem": public.pem,
                "headers": {"fluent-signature": "SHA512withRSA", "flex.signature": "MD5withRSA"},
            }
        )

    # -- for others of the simulator -----------------------------------------------------------

    def line_of(self, name: str) -> DeliveryLine:
        """The line of a webhook; raises ApiError (404)."""
        line = self._deliveries.find(name)
        if line is None:
            told = shortened(name)
            raise not_found(f"There is no webhook {told!r}: PUT /__admin/webhooks/{told} makes it.")
        return line

    def add(self, webhook: Webhook) -> tuple[DeliveryLine, bool]:
        """Have a webhook; whether it is new. Raises ApiError (409) where it is too many."""
        with self._changing:
            try:
                line, is_new = self._deliveries.put(webhook)
            except LineFullError as full:
                raise api_error(
                    409,
                    f"There are {full.tally.held:,} webhooks, the most at once: DELETE those that"
                    " are done with.",
                ) from None
            if is_new:
                self._senders[webhook.name] = self._make_sender(line)
                self._listen(self._deliveries.event_ended)
            return line, is_new

    def load(self, urls: Iterable[str]) -> None:
        """Have those of a setting: webhook-1 and so on; raises UnusableWebhooksError."""
        try:
            for number, url in enumerate(urls, start=1):
                if faults := wish_faults({"url": url}, self._simulator):
                    found, expected = faults[0].found, faults[0].expected
                    raise UnusableWebhooksError(f"--webhook: found {found}, expected {expected}")
                self.check_installed()
                self.add(Webhook(f"webhook-{number}", url))
            if self._simulator.settings.webhook_key != "none":
                self.check_installed()
                _ = self._key.public
        except ApiError as error:
            raise UnusableWebhooksError(error.message) from None
        except UnusableWebhooksError:
            raise
        except ValueError as fault:
            raise UnusableWebhooksError(f"--webhook-key: {fault}") from None

    def check_installed(self) -> None:
        """Raise ApiError (501) where what signs is not installed."""
        if not self._key.is_installed:
            raise api_error(
                501,
                "Webhooks are signed by the package cryptography, which is not installed here:"
                f" pip install '{DISTRIBUTION}[webhooks]', then start the simulator again.",
            )

    def drop_all(self) -> None:
        """Have none, and nothing that works for any."""
        with self._changing:
            self._drop(list(self._senders))

    def _drop(self, names: Iterable[str]) -> None:
        """All are told before any is waited for."""
        senders = []
        for name in names:
            self._deliveries.drop(name)
            senders.append(self._senders.pop(name))
        if not len(self._deliveries):
            self._listen(None)
        for sender in senders:
            sender.give_up()
        deadline = time.monotonic() + SECONDS_TO_STOP
        for sender in senders:
            sender.wait(deadline)

    def _told(self, line: DeliveryLine, status: int = 200) -> Reply:
        return Reply(webhook_told(line, self._deliveries.in_line(line)), status)


def namespace_webhooks(
    wish: Mapping[str, Any], simulator: Tells, at: str = "/webhooks"
) -> tuple[list[Webhook], list[Fault]]:
    """The webhooks that a namespace is to have, by name, or what is wrong with them."""
    faults: list[Fault] = []
    if len(wish) > bounds.WEBHOOKS.limit:
        faults.append(Fault(at, f"{len(wish):,} webhooks", f"at most {bounds.WEBHOOKS.limit}"))
    for name, fields in wish.items():
        pointer = f"{at}/{pointer_token(name)}"
        fault = name_fault(name, pointer)
        faults += [] if fault is None else [fault]
        faults += [fault.under(pointer) for fault in wish_faults(fields, simulator)]
    return [] if faults else [webhook_of(name, fields) for name, fields in wish.items()], faults
