"""What a search has found, as it is told to people."""

from __future__ import annotations

from fluent_oms_simulator.exploring.found_breaks import Finding
from fluent_oms_simulator.exploring.run_judgement import Breaks, Complaint
from fluent_oms_simulator.exploring.told_exploration import alike


def finding(breaks: Breaks, exit_code: int | None) -> Finding:
    return Finding((), [Complaint(breaks, "why")], exit_code, "", (), True, ())


def test_what_goes_wrong_and_does_not_say_so_is_told_first_and_apart() -> None:
    found = [
        finding(Breaks.LOSES, 1),
        finding(Breaks.DOUBLES, 0),
        finding(Breaks.LOSES, 0),
        finding(Breaks.LOSES, 2),
        finding(Breaks.DOUBLES, 0),
        finding(Breaks.ENDLESS, None),
    ]

    assert alike(found) == [[1, 4], [2], [5], [0, 3]]
