"""What the control plane costs while nobody uses it: deltas a second with it and without it."""

from __future__ import annotations

from ..server.processes import CLIENT_CORE, SERVER_CORE, bare_command, can_pin, pinned, running
from .delta_traffic import Round, SimulatorTraffic
from .figures import Report, ratio

QUESTION = "delta events a second with the control plane idle, beside a simulator without it"
WARM_UP = 200


def run(*, quick: bool) -> Report:
    """Rounds of the same deltas to both, in turn."""
    report = Report("control_plane", QUESTION)
    rounds, events = (5, 1000) if quick else (21, 2000)
    whole: list[Round] = []
    without: list[Round] = []
    with (
        running(bare_command("whole"), SERVER_CORE) as with_it,
        running(bare_command("stripped"), SERVER_CORE) as stripped,
        pinned(CLIENT_CORE),
    ):
        to_whole, to_stripped = SimulatorTraffic(with_it), SimulatorTraffic(stripped)
        for traffic in (to_whole, to_stripped):
            traffic.round(WARM_UP)
        for _ in range(rounds):
            whole.append(to_whole.round(events))
            without.append(to_stripped.round(events))
        to_whole.finish()
        to_stripped.finish()
    report.add("with it", "events/s", [each.applied for each in whole])
    report.add("without it", "events/s", [each.applied for each in without])
    worked = [each.work for each in whole], [each.work for each in without]
    report.add("with it, all its work", "µs CPU/event", worked[0])
    report.add("without it, all its work", "µs CPU/event", worked[1])
    shares = [ratio(mine, others) for mine, others in zip(worked[1], worked[0], strict=True)]
    kept = report.add("by CPU time: with it / without", "ratio", shares)
    report.aim("what is left of the rate, by CPU time", kept.median, "at least", 0.95)
    report.notes.append(
        f"{rounds} rounds of {events} events. It notes each request, what came of each delta, and"
        " what stock was; no fault is armed, nothing is held. Conformance is on in both."
    )
    if not can_pin():
        report.notes.append("Not pinned: this machine cannot give server and client a core each.")
    return report
