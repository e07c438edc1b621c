"""Where and how the audit reads: which server, as whom, and how hard."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """A server and what the audit may do there; the credentials are the simulator's own.

    `token` is used as it is where given. `max_rate` requests a second are not exceeded. The audit
    waits for what was accepted to become visible: it looks every `poll_every` seconds, gives up
    when nothing has changed for `quiet_for` seconds, and stops in any case after `settle_within`.
    `rows_kept` quantities of events are surely kept one by one; of older ones only the sum need be
    there. At most `examples` discrepancies are told one by one.
    """

    url: str
    catalogue_ref: str = "DEFAULT:1"
    token: str | None = None
    username: str = "sim"
    password: str = "sim-password"
    client_id: str = "fluent-sim"
    client_secret: str = "fluent-sim-secret"
    page_size: int = 200
    max_rate: float | None = None
    settle_within: float = 60.0
    quiet_for: float = 5.0
    poll_every: float = 0.25
    rows_kept: int = 50_000
    examples: int = 20
    timeout: float = 30.0
