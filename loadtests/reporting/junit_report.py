"""A run as JUnit XML, which every build server reads: a test case for each objective and the audit.

What could not be found out is an error there, what was missed a failure.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import junitparser
from fluent_oms_simulator.text.printable import printable

from .run_result import ObjectiveResult, RunResult
from .wording import audit_verdict, headline, objective_found, objective_text, rate_sent


def junit_report(result: RunResult) -> str:
    """One suite, named after the scenario."""
    name = f"load {printable(result.scenario)}"
    suite = junitparser.TestSuite(name)
    suite.add_property("verdict", result.verdict.value)
    suite.add_property("url", printable(result.url))
    if result.rate is not None:
        suite.add_property("rate", printable(rate_sent(result.rate)))
    for note in result.notes:
        suite.add_property("note", printable(note))
    suite.add_testcases([_case(name, *each) for each in _judged(result)])
    document = junitparser.JUnitXml(name)
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    written = BytesIO()
    document.write(written, pretty=True)
    return written.getvalue().decode("utf-8")


def _judged(result: RunResult) -> Iterator[tuple[str, bool | None, str]]:
    """What was judged, whether it is as it should be, and what was found."""
    if result.verdict.is_by_signal or result.problem:
        yield "the run comes to its end", None, headline(result)
    for each in result.objectives:
        yield objective_text(each), each.met, _found(each)
    audit = result.audit
    if audit is not None:
        as_it_should_be = True if audit.clean else False if audit.condemns else None
        yield "audit", as_it_should_be, audit_verdict(audit)


def _found(each: ObjectiveResult) -> str:
    return f"found {objective_found(each)}"


def _case(name: str, of: str, met: bool | None, found: str) -> junitparser.TestCase:
    case = junitparser.TestCase(printable(of), classname=name)
    if met is None:
        case.result = [junitparser.Error(printable(found), "could not be found out")]
    elif met:
        case.system_out = printable(found)
    else:
        case.result = [junitparser.Failure(printable(found), "missed")]
    return case
