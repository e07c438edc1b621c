"""Delta events a second, beside two bare applications on the same server and the same core."""

from __future__ import annotations

from ..server.processes import (
    CLIENT_CORE,
    SERVER_CORE,
    bare_command,
    can_pin,
    pinned,
    running,
)
from .delta_traffic import CallableTraffic, DeltaTraffic, Round, SimulatorTraffic
from .figures import Report, ratio

QUESTION = "delta events a second, beside a bare Flask view and a bare callable that applies them"
WARM_UP = 200


def run(*, quick: bool) -> Report:
    """Rounds of the same requests against the three servers, in turn."""
    report = Report("delta_events", QUESTION)
    rounds, events = (3, 1500) if quick else (9, 4000)
    view: list[Round] = []
    bare: list[Round] = []
    ours: list[Round] = []
    work: list[float] = []
    with (
        running(bare_command("view"), SERVER_CORE) as viewing,
        running(bare_command("delta"), SERVER_CORE) as applying,
        running(core=SERVER_CORE) as simulator,
        pinned(CLIENT_CORE),
    ):
        to_view = DeltaTraffic(viewing.url, status=b"202")
        to_bare = CallableTraffic(applying)
        to_ours = SimulatorTraffic(simulator)
        for traffic in (to_view, to_bare, to_ours):
            traffic.round(WARM_UP)
        for _ in range(rounds):
            view.append(to_view.round(events))
            bare.append(to_bare.round(events))
            busy = simulator.cpu_seconds()
            ours.append(to_ours.round(events))
            work.append((simulator.cpu_seconds() - busy) / events * 1e6)
        # Every delta of every round must have counted, and only once.
        to_ours.finish()
        to_bare.finish()
    viewed, replied = [each.replied for each in view], [each.replied for each in ours]
    done, applied = [each.applied for each in bare], [each.applied for each in ours]
    report.add("bare Flask view", "requests/s", viewed)
    report.add("bare callable", "events/s", done)
    report.add("simulator", "events/s", replied)
    report.add("simulator, until applied", "events/s", applied)
    report.add("simulator, all its work", "µs CPU/event", work)
    over_view = report.add("simulator / bare view", "ratio", list(map(ratio, replied, viewed)))
    over_bare = report.add(
        "simulator, until applied / bare callable", "ratio", list(map(ratio, applied, done))
    )
    report.aim("events/s over the bare view's requests/s", over_view.median, "at least", 1.8)
    report.aim("events/s over the bare callable's", over_bare.median, "at least", 0.8)
    report.notes.append(f"{rounds} rounds of {events} events, all applied: on hand is exact.")
    report.notes.append(
        "bare callable: token, parse, verdict, apply, reply, on the simulator's own loop."
    )
    if not can_pin():
        report.notes.append("Not pinned: this machine cannot give server and client a core each.")
    return report
