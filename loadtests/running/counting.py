"""What the figures of a run count, and over what: said beside them in every report."""

from __future__ import annotations

from ..reporting.histogram import WIDTH
from ..reporting.run_result import ACCEPT, ACCEPT_SENT, BATCH_COMPLETE, VISIBLE, VISIBLE_SENT
from ..traffic.load_options import DELTA_USERS, LOAD_USERS, VISIBLE_WITHIN, LoadOptions


def counted(options: LoadOptions) -> dict[str, str]:
    """What is counted, by the name that a figure has in the reports."""
    sample = f"a sample of at most {options.watched_a_second:g} accepted deltas a second"
    said = {}
    if DELTA_USERS in options.definition.sends:
        said = {
            "deltas accepted": "those of every event that got a good reply, also of one that was"
            " sent again under the same deltaIds (retries); the audit counts each deltaId once, and"
            " so fewer acknowledged deltas",
            ACCEPT: "from when an event was due to its good reply; every accepted event",
            ACCEPT_SENT: "the same from when it was sent",
            VISIBLE: f"from when an event was due until its first delta shows over GraphQL, at most"
            f" {VISIBLE_WITHIN:g} s after it was sent; {sample}",
            VISIBLE_SENT: "the same from when it was sent",
        }
    if LOAD_USERS in options.definition.sends:
        said[BATCH_COMPLETE] = "from sending a batch until it is COMPLETE; every completed batch"
    return said | {
        "times": f"cut to three digits: the truth is up to {WIDTH:.0%} longer",
        "errors": "requests without a good reply, deltas that did not show and batches that did"
        " not become COMPLETE; a share of the requests that sent or followed the load",
        "audit": "every position that was written to, and every acknowledged delta",
    }
