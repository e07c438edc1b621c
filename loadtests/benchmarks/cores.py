"""Whether a second core helps: nobody pinned, beside the server pinned to one core."""

from __future__ import annotations

from ..server.processes import CLIENT_CORE, SERVER_CORE, can_pin, pinned, running
from .delta_traffic import SimulatorTraffic
from .figures import Report, ratio

QUESTION = "delta events a second on all cores, beside the server pinned to one"
WARM_UP = 200


def run(*, quick: bool) -> Report:
    """Rounds in turn: server and client free, server on one core and client on another."""
    report = Report("cores", QUESTION)
    rounds, events = (4, 1000) if quick else (15, 4000)
    free: list[float] = []
    held: list[float] = []
    with running() as roaming, running(core=SERVER_CORE) as staying:
        to_roaming, to_staying = SimulatorTraffic(roaming), SimulatorTraffic(staying)
        for attempt in range(rounds + 1):
            events_now = events if attempt else WARM_UP
            found = to_roaming.round(events_now).applied
            with pinned(CLIENT_CORE):
                found_pinned = to_staying.round(events_now).applied
            if attempt:
                free.append(found)
                held.append(found_pinned)
        to_roaming.finish()
        to_staying.finish()
    unpinned = report.add("server and client free", "events/s", free)
    one_core = report.add("server pinned to one core", "events/s", held)
    report.add("free / pinned, round by round", "ratio", list(map(ratio, free, held)))
    report.add("pinned / pinned a round before", "ratio", list(map(ratio, held[1:], held)))
    if can_pin():
        share = ratio(unpinned.median, one_core.median)
        report.aim("median of the free over that of the pinned", share, "at least", 1.0)
    else:
        report.notes.append("This machine cannot give server and client a core each.")
    report.notes.append("pinned / pinned is the noise: how far rounds of one kind lie apart.")
    return report
