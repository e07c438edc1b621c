"""What a search has found, as text for people and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..release import version
from .exploration import Counts, Exploration
from .found_breaks import Finding

FORMAT = "fluent-sim explore report, 1"


def text(explored: Exploration, files: Sequence[str], tests: Sequence[str]) -> list[str]:
    """Lines: of each thing that it does the first finding, and where the others are; the counts."""
    told = [_undisturbed(explored)]
    all_told = list(zip(explored.findings, files, tests, strict=True))
    is_first = True
    for first, *rest in alike(explored.findings):
        (finding, file, test), others = all_told[first], (all_told[index] for index in rest)
        told += ["", finding.headline, *(f"  {line}" for line in finding_lines(finding))]
        told += [f"  Again: fluent-sim explore replay {file}"] if file else []
        if finding.schedule and file:
            told.append("  As a test to paste: the same with --as-test")
        if finding.schedule and file and is_first:
            is_first = False
            told[-1] = "  As a test to paste:"
            told += ["", *(f"    {line}".rstrip() for line in test.splitlines()), ""]
        told += [f"  Also with {other.key}{at and f': {at}'}" for other, at, _ in others]
    told += ["", *_totals(explored)]
    return told


def alike(findings: Sequence[Finding]) -> list[list[int]]:
    """The places of findings that do the same, first those that go wrong and do not say so."""
    groups: dict[tuple[bool, str], list[int]] = {}
    for index, finding in enumerate(findings):
        says_so = bool(finding.exit_code)
        groups.setdefault((says_so, finding.title), []).append(index)
    return [groups[key] for key in sorted(groups, key=lambda key: key[0])]


def finding_lines(finding: Finding) -> list[str]:
    """What is known of a finding."""
    told = [f"{fault.sentence[0].upper()}{fault.sentence[1:]}." for fault in finding.schedule]
    told += [f"{each.why}." for each in finding.complaints]
    told.append(finding.ending)
    if finding.exit_code and finding.said:
        told += [f"  > {line}" for line in finding.said.splitlines()[-3:]]
    if not finding.is_steady:
        told.append("It did not do so again when that was repeated: not every run is alike.")
    told += [f"  {line}" for line in map(_request, finding.requests)]
    return told


def document(explored: Exploration, files: Sequence[str], tests: Sequence[str]) -> dict[str, Any]:
    """As JSON."""
    plan = explored.plan
    return {
        "format": FORMAT,
        "version": version(),
        "command": list(explored.runs.command),
        "depth": plan.depth,
        "seed": plan.seed,
        "until": plan.until,
        "undisturbed": {
            "requests": dict(explored.passed.requests),
            "seconds": round(explored.undisturbed_seconds, 3),
            "leftRunning": explored.left_running,
        },
        "runs": explored.runs.count,
        "isWhole": explored.is_whole,
        "endedEarly": explored.ended_early or None,
        "schedules": [_counted(each) for each in explored.counts],
        "leftOut": {
            "atFurtherRequests": explored.found.left_out,
            "notLookedFor": list(explored.found.not_looked_for),
        },
        "findings": [
            {
                **finding.document(),
                "file": file or None,
                "pytest": test if finding.schedule else None,
            }
            for finding, file, test in zip(explored.findings, files, tests, strict=True)
        ],
    }


def _request(seen: Mapping[str, Any]) -> str:
    status = seen["status"] or "no whole reply"
    struck = f"  <- {', '.join(seen['faults'])}" if seen["faults"] else ""
    return f"request {seen['id']}: {seen['operation']} {status}{struck}"


def _undisturbed(explored: Exploration) -> str:
    if not explored.passed.requests:
        return "Its undisturbed run did not come to an end."
    sent = ", ".join(f"{count:,} {name}" for name, count in explored.passed.requests.items())
    told = f"Undisturbed it sends {sent}, in {explored.undisturbed_seconds:.1f} s"
    if left := explored.left_running:
        what = "a process" if left == 1 else f"{left:,} processes"
        told += f", and leaves {what} behind, ended then"
    return f"{told}."


def _counted(counts: Counts) -> dict[str, int]:
    return {
        "faults": counts.size,
        "schedules": counts.all,
        "tried": counts.tried,
        "convicted": counts.convicted,
        "notMet": counts.in_vain,
        "knownToBreak": counts.known,
        "left": counts.left,
    }


def _totals(explored: Exploration) -> list[str]:
    told = []
    for counts in explored.counts:
        faults = "1 fault" if counts.size == 1 else f"{counts.size} faults"
        line = f"Schedules of {faults}: {counts.tried:,} of {counts.all:,} tried"
        line += f", {counts.convicted:,} of them break it"
        if counts.in_vain:
            line += f"; in {counts.in_vain:,} not every fault was met"
        if counts.known:
            line += f"; {counts.known:,} not tried, as what is in them is known to break it"
        if counts.left:
            line += f"; {counts.left:,} left"
        told.append(f"{line}.")
    if explored.found.left_out:
        told.append(
            f"Not tried at {explored.found.left_out:,} further requests (--requests tries more)."
        )
    if explored.found.not_looked_for:
        names = ", ".join(explored.found.not_looked_for)
        told.append(f"Not tried, for it never asks what came of what it sent: {names}.")
    if not explored.counts and not explored.ended_early:
        told.append("There was nothing to try: it sends nothing that these faults could strike.")
    if explored.ended_early:
        told.append(f"Ended early: {explored.ended_early}.")
    found = len(explored.findings)
    result = "Nothing was found" if not found else f"{found:,} found"
    runs = "1 run" if explored.runs.count == 1 else f"{explored.runs.count:,} runs"
    told.append(f"{result} in {runs}.")
    return told
