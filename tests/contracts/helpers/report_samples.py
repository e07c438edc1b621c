"""Reports to render, and the official schema of SARIF."""

import re
from collections import Counter
from functools import cache

import jsonschema
from fluent_oms_simulator.contracts.reporting.run_report import (
    Check,
    Outcome,
    Place,
    Report,
    Reported,
    Verdict,
)
from fluent_oms_simulator.contracts.rules.rule import Finding, Severity
from hypothesis import strategies as st

from ...examples.helpers.published_schemas import published_schema

GITHUB_COMMAND = re.compile(r"::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)")

NASTY = (
    "\x1b[31mred\x1b[0m",
    "]]>",
    "<!-- & -->",
    "\ud800",
    "\x00\x07\x7f\x9b",
    "\ufffe\uffff",
    "a\r\nb\nc\u2028d\x85e",
    "::error file=x::y",
    "100%,: %0A",
    "{0} [text](https://example.org) {{1}}",
    "\u202eevil",
    "caf\u00e9 \U0001f600",
)


def finding(
    severity: Severity = Severity.ERROR,
    *,
    rule_id: str = "UNKNOWN-1",
    pointer: str = "/entities/4/qty",
    found: str = "-3",
) -> Finding:
    return Finding(rule_id, severity, pointer, found, "0 or more")


def small_report() -> Report:
    """An error seen often, two warnings of one rule in another file, a contract that failed."""
    places = [
        Place("stock/full.json", 12, 7),
        Place("a, b: 100%.json", 3),
        Place("a, b: 100%.json"),
    ]
    return Report(
        "fluent-sim validate",
        [
            Reported(finding(), places[0], "Count again.", 17, Place("stock/full.json", 900, 7)),
            Reported(finding(Severity.WARNING, rule_id="UNKNOWN-2"), places[1], "Look again."),
            Reported(
                finding(Severity.WARNING, rule_id="UNKNOWN-2", found="-4"), places[2], "Look again."
            ),
        ],
        [
            Check("stock/full.json", Verdict.FAILED, seconds=0.25),
            Check("closed job", Verdict.FAILED, "answered 200", "POST /api\n< 200"),
            Check("duplicates", Verdict.OBSERVED, "the last one counts"),
            Check("tokens", Verdict.SKIPPED, "no password"),
            Check("events", Verdict.PASSED),
            Check("jobs", Verdict.ERROR, "no answer"),
        ],
        {"files": 1, "records": 1200},
        Counter({Severity.WARNING: 3}),
        ["Read from standard input."],
    )


CUTTING_SHORT = [each for each in Outcome if each not in (Outcome.PASSED, Outcome.FAILED)]

anything = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=()), max_size=40)
)
"""Texts as a payload may hold them, halves of surrogate pairs included."""

places = st.builds(
    Place, anything, st.none() | st.integers(1, 10**9), st.none() | st.integers(1, 10**9)
)

reports = st.builds(
    Report,
    anything,
    st.lists(
        st.builds(
            Reported,
            st.builds(
                Finding, anything, st.sampled_from(list(Severity)), anything, anything, anything
            ),
            places,
            anything,
            st.integers(1, 10**6),
            st.none() | places,
        ),
        max_size=4,
    ),
    st.lists(
        st.builds(
            Check, anything, st.sampled_from(list(Verdict)), anything, anything, st.just(0.5)
        ),
        max_size=3,
    ),
    st.dictionaries(anything, st.integers(0, 10**9), max_size=2),
    st.builds(Counter, st.dictionaries(st.sampled_from(list(Severity)), st.integers(0, 5))),
    st.lists(anything, max_size=2),
    st.sampled_from([None, *CUTTING_SHORT]),
)


@cache
def sarif_validator() -> jsonschema.Draft7Validator:
    """Of the schema that the standard's authors publish, from a copy of the schema store."""
    return jsonschema.Draft7Validator(
        published_schema("https://json.schemastore.org/sarif-2.1.0.json")
    )
