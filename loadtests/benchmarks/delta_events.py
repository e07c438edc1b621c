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
    with (
        running(bare_command("view"), SERVER_CORE) as viewing,
        running(bare_command("delta"), SERVER_CORE) as applying,
        running(core=SERVER_CORE) as simulator,
        pinned(CLIENT_CORE),
    ):
        to_view = DeltaTraffic(viewing, status=b"202")
        to_bare = CallableTraffic(applying)
        to_ours = SimulatorTraffic(simulator)
        for traffic in (to_view, to_bare, to_ours):
            traffic.round(WARM_UP)
        for _ in range(rounds):
            view.append(to_view.round(events))
            bare.append(to_bare.round(events))
            ours.append(to_ours.round(events))
        # Every delta of every round must have counted, and only once.
        to_ours.finish()
        to_bare.finish()
    viewed, replied = [each.replied for each in view], [each.replied for each in ours]
    done, applied = [each.applied for each in bare], [each.applied for each in ours]
    report.add("bare Flask view", "requests/s", viewed)
    report.add("bare callable", "events/s", done)
    report.add("simulator", "events/s", replied)
    report.add("simulator, until applied", "events/s", applied)
    over_view = report.add("simulator / bare view", "ratio", list(map(ratio, replied, viewed)))
    over_bare = report.add(
        "simulator, until applied / callable", "ratio", list(map(ratio, applied, done))
    )
    works = {
        "bare Flask view": [each.work for each in view],
        "bare callable": [each.work for each in bare],
        "simulator": [each.work for each in ours],
    }
    for label, work in works.items():
        report.add(f"{label}, all its work", "µs CPU/event", work)
    for label in ("bare Flask view", "bare callable"):
        by_cpu = list(map(ratio, works[label], works["simulator"]))
        report.add(f"by CPU time: simulator / {label}", "ratio", by_cpu)
    report.aim("events/s over the bare view's requests/s", over_view.median, "at least", 1.8)
    report.aim("events/s over the bare callable's", over_bare.median, "at least", 0.8)
    report.notes.append(f"{rounds} rounds of {events} events, all applied: on hand is exact.")
    report.notes.append(
        "bare callable: token, parse, verdict, apply, reply, on the simulator's own loop."
    )
    report.notes.append("by CPU time: the same, as if no other process had wanted the core.")
    if not can_pin():
        report.notes.append("Not pinned: this machine cannot give server and client a core each.")
    return report
