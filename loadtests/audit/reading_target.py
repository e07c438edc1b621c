"""Where and how the audit reads: which server, as whom, and how hard."""

from __future__ import annotations

from dataclasses import dataclass

from fluent_oms_simulator.client.target_server import Target


@dataclass(frozen=True, slots=True)
class AuditTarget:
    """A server and what the audit may do there.

    `max_rate` requests a second are not exceeded. The audit
    waits for what was accepted to become visible: it looks every `poll_every` seconds, gives up
    when nothing has changed for `quiet_for` seconds, and stops in any case after `settle_within`.
    `rows_kept` quantities of events are surely kept one by one; of older ones only the sum need be
    there. At most `examples` discrepancies are told one by one.
    """

    server: Target
    page_size: int = 200
    max_rate: float | None = None
    settle_within: float = 60.0
    quiet_for: float = 5.0
    poll_every: float = 0.25
    rows_kept: int = 50_000
    examples: int = 20
    timeout: float = 30.0
