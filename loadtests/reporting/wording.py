"""Numbers, times and verdicts as people read them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from fluent_oms_simulator.text.printable import printable
from rich.markup import escape as rich_escape

from .run_result import AuditResult, ObjectiveResult, Rate, RunResult, Step, Totals
from .verdict import Ending


def number(value: float) -> str:
    """A number with as many digits as a person can use; whole numbers in full."""
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return "-"
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def at_least(value: float) -> str:
    """A number that is not to be claimed too high: rounded down, below 100 to a tenth."""
    return f"{math.floor(value):,}" if value >= 100 else f"{math.floor(value * 10) / 10:g}"


def milliseconds(value: float) -> str:
    """A duration given in milliseconds."""
    return f"{number(value)} ms" if value < 10_000 else f"{number(value / 1000)} s"


def duration(seconds: float) -> str:
    """A duration given in seconds."""
    if seconds < 120:
        return f"{seconds:.4g} s"
    if seconds < 7200:
        return f"{seconds / 60:.1f} min"
    return f"{seconds / 3600:.1f} h"


def moment(seconds: float) -> str:
    """A time since 1970, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%d %b %Y %H:%M:%S} UTC"


def plural(value: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def headline(result: RunResult) -> str:
    """The verdict in its word, and what it rests on."""
    verdict = result.verdict
    word = verdict.value[0].upper() + verdict.value[1:]
    return f"{word}: {'; '.join(_reasons(result))}."


def _reasons(result: RunResult) -> Iterator[str]:
    if result.verdict.is_by_signal:
        yield f"the run ended after {duration(result.duration)}, and nothing was judged"
        return
    if result.ending is Ending.BROKEN_OFF:
        yield result.problem.rstrip(".") or "the run was broken off"
    elif result.objectives:
        yield _of_objectives(result.objectives)
    if result.audit is None:
        yield "what was sent has not been audited"
    else:
        yield audit_verdict(result.audit)


def _of_objectives(objectives: Sequence[ObjectiveResult]) -> str:
    missed = sum(each.met is False for each in objectives)
    unclear = [each for each in objectives if each.met is None]
    if not (missed or unclear):
        return "all objectives are met" if len(objectives) > 1 else "the objective is met"
    of = f"of {plural(len(objectives), 'objective')}"
    said = [f"{missed} {of} missed"] if missed else []
    if unclear:
        said.append(f"{len(unclear)} {'' if missed else of + ' '}could not be judged")
        said[-1] += f" ({unclear[0].text}: {unclear[0].why or 'for no reason that is known'})"
    return ", ".join(said)


def objective_word(result: ObjectiveResult) -> str:
    """Whether an objective is met, in a word or two."""
    return {True: "met", False: "missed", None: "not judged"}[result.met]


def step_word(step: Step) -> str:
    """Whether a rate held, in a word or two."""
    return {True: "held", False: "too high", None: "not judged"}[step.met]


def told(step: Step) -> str:
    """A step of a search in words."""
    why = f" ({step.why})" if step.why else ""
    return f"{number(step.rate)} deltas/s: {step_word(step)}{why}"


def objective_text(result: ObjectiveResult) -> str:
    """An objective as it was written, marked where nobody has written it."""
    return f"{result.text} (default)" if result.is_default else result.text


def objective_found(result: ObjectiveResult) -> str:
    """What was found, and why that says nothing where it does not."""
    return f"{result.value}; {result.why}" if result.why else result.value


def audit_verdict(audit: AuditResult) -> str:
    """What the audit found, in words; it claims nothing of deltas where there were none."""
    if audit.clean:
        if not audit.deltas:
            return f"{plural(audit.positions, 'position')} as counted; no delta that could be lost"
        return f"of {plural(audit.deltas, 'acknowledged delta')} none lost, none doubled"
    found = []
    if audit.lost:
        found.append(f"{audit.lost:,} of {plural(audit.deltas, 'acknowledged delta')} lost")
    if audit.doubled:
        found.append(f"{plural(audit.doubled, 'delta')} doubled")
    if audit.wrong:
        found.append(f"{audit.wrong:,} of {plural(audit.positions, 'position')} wrong")
    if not audit.settled:
        found.append("and the server was still changing when the audit stopped waiting")
    return ", ".join(found)


def sample(totals: Totals) -> str:
    """How many deltas were looked for until they showed, and of how many."""
    return (
        f"{totals.deltas_watched:,} of {plural(totals.deltas_accepted, 'accepted delta')} were"
        f" looked for, {totals.deltas_visible:,} of them were seen"
    )


def rate_sent(rate: Rate) -> str:
    """The rate that was asked for beside the one that was sent."""
    agrees = "" if rate.reached else ": the rate that was asked for was not reached"
    return (
        f"{number(rate.asked)} deltas/s were asked for, {at_least(rate.sent)} deltas/s were"
        f" sent{agrees}"
    )


def rates(result: RunResult) -> dict[str, float]:
    """What the run did a second, on average; empty for a run that took no time."""
    if result.duration <= 0:
        return {}
    totals = result.totals
    return {
        "deltas/s accepted": totals.deltas_accepted / result.duration,
        "records/s": totals.records / result.duration,
        "changed records/s": totals.changed_records / result.duration,
        "requests/s": totals.requests / result.duration,
    }


def plain(text: str) -> str:
    """Text as it may stand on one line of what rich prints."""
    return rich_escape(printable(text))
