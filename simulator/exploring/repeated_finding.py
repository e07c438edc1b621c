"""A finding, done again: one undisturbed run, and one under its schedule."""

from __future__ import annotations

from .disturbed_runs import DisturbedRuns
from .exploration import finding_of
from .finding_file import Repeatable
from .found_breaks import Finding


def repeat(wanted: Repeatable, runs: DisturbedRuns) -> Finding | None:
    """What the connector does wrong now, if it is anything of what was found.

    Raises NotExploredError, CannotStartError.
    """
    found = {each.breaks for each in wanted.finding.complaints}
    runs.within = wanted.within
    ran = runs.run_undisturbed()
    if wanted.finding.schedule:
        runs.hold_against(ran)
        ran = runs.run(wanted.finding.schedule)
    if not found & ran.outcome.breaks:
        return None
    return finding_of(wanted.finding.schedule, ran, runs.undisturbed, is_steady=True)
