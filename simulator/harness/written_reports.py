"""What tests came to, written as JSON, as JUnit and as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from ..look.report_pages import ReportPages
from ..text.printable import printable, printable_lines

Tests = Sequence[Mapping[str, Any]]
LONGEST_TEXT = 1_000_000
"""Characters of a test's failure, or of what went over the wire, in JUnit."""
KINDS = {"failed": Failure, "error": Error, "skipped": Skipped}


def as_json(tests: Tests) -> str:
    """One object for each test, with the requests of its worlds."""
    document = {"version": 1, "tests": list(tests)}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def as_junit(tests: Tests) -> str:
    """A case for each test; what went over the wire is its output."""
    suite = TestSuite("fluent-oms")
    for test in tests:
        where, _, name = test["test"].rpartition("::")
        case = TestCase(printable(name), printable(where), round(test["seconds"], 6))
        kind = KINDS.get(test["outcome"])
        if kind is not None:
            result = kind(message=printable(last_line(test["why"])))
            result.text = _lines(test["why"])
            case.result = [result]
        if test["worlds"]:
            case.system_out = _lines("\n".join(map(as_text, test["worlds"])))
        suite.add_testcase(case)
    report = JUnitXml("fluent-oms")
    report.add_testsuite(suite)
    report.update_statistics()  # type: ignore[no-untyped-call]
    written = BytesIO()
    report.write(written, pretty=True)
    return written.getvalue().decode()


def as_html(tests: Tests) -> str:
    """A page of the tests that did not pass."""
    pages = ReportPages(
        Path(__file__).with_name("templates"), (came_of, laid_out, last_line), LONGEST_TEXT
    )
    shown = [test for test in tests if test["outcome"] in ("failed", "error")]
    return pages.drawn("failures.html", tests=shown, count=len(tests))


def as_text(world: Mapping[str, Any]) -> str:
    """The requests of a world, for a log."""
    lines = [f"{world['url']}: {len(world['requests'])} requests"]
    if world["leftOut"]:
        lines.append(f"({world['leftOut']} earlier ones are left out)")
    if world["why"]:
        lines.append(world["why"])
    for each in world["requests"]:
        query = f"?{each['query']}" if each["query"] else ""
        lines.append(
            f"{each['id']}. {each['at']} {each['method']} {each['path']}{query}"
            f" -> {each['status'] or 'no reply'}"
        )
        lines += [f"   {told}" for told in came_of(each)]
        lines += [f"   > {each['sent']}"] if each["sent"] else []
        lines += [f"   < {each['reply']}"] if each["reply"] else []
    return "\n".join(lines)


def came_of(request: Mapping[str, Any]) -> list[str]:
    """What came of a request, which faults had a part in that, and which rules it has broken."""
    outcome = request["outcome"]
    told = [outcome["refused"]] if "refused" in outcome else []
    if "status" in outcome:
        reason = outcome.get("reason")
        told.append(f"{outcome['status']} ({reason})" if reason else str(outcome["status"]))
    if "records" in outcome:
        told.append(", ".join(f"{count:,} {name}" for name, count in outcome["records"].items()))
    told += (
        f"struck by {fault['kind']} at {fault['point']}" for fault in outcome.get("faults", ())
    )
    if request["rulesBroken"]:
        told.append(f"breaks {', '.join(request['rulesBroken'])}")
    return told


def laid_out(text: str) -> str:
    """JSON with a line for each of its values; as it is, where that would not say quite the same.

    A name that comes twice and a number of many digits are what somebody may be looking for.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    as_sent = (
        json.dumps(document, ensure_ascii=ascii_only, separators=separators)
        for ascii_only in (True, False)
        for separators in ((",", ":"), (", ", ": "))
    )
    if text not in as_sent:
        return text
    return json.dumps(document, ensure_ascii=False, indent=2)


def _lines(text: str) -> str:
    return "\n".join(printable_lines(text, LONGEST_TEXT))


def last_line(text: str) -> str:
    """What an assertion said, or where it stands."""
    told = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = told or text.strip().splitlines()[-1:]
    return lines[0] if lines else ""
