"""A finding as a test to paste, for the pytest plugin: the one place with its template."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence

from ..text.written_python import on_one_line
from .found_breaks import Finding
from .run_judgement import Breaks

_TEMPLATE = """\
import os
import shlex
import subprocess

COMMAND = shlex.split({command})


def test_{name}(fluent_oms):
{load}    fluent_oms.faults.arm(
{rules}    )
{lenience}
    environment = {{**os.environ, **fluent_oms.env}}
    subprocess.run(COMMAND, env=environment, timeout={within:.0f}, check=False)

{release}    fluent_oms.settle()
{asserts}
"""

_LENIENCE = '    fluent_oms.unstruck = "ignore"  # a mended connector may not come to all of them\n'


def pytest_text(finding: Finding, command: Sequence[str], within: float) -> str:
    """A module with one test, which fails as long as the connector does what was found."""
    before = {(each.product, each.location): each.before for each in finding.levels}
    known = {place: stock for place, stock in before.items() if stock is not None}
    after = {(each.product, each.location): each.after for each in finding.levels}
    asserts = [f"fluent_oms.assert_on_hand({on_one_line(after)})"] if after else []
    asserts.append("fluent_oms.assert_exactly_once()")
    if any(each.breaks is Breaks.UNPOLLED for each in finding.complaints):
        asserts = ["fluent_oms.assert_polled_to_complete()"]
    keeps = any(rule["kind"] in ("late", "hold_batch") for rule in finding.rules)
    return _TEMPLATE.format(
        command=on_one_line(shlex.join(command)),
        name=_name(finding),
        load=f"    fluent_oms.load({on_one_line(known)})\n" if known else "",
        rules="".join(f"        {on_one_line(_short(rule))},\n" for rule in finding.rules),
        within=within,
        lenience=_LENIENCE if len(finding.rules) > 1 else "",
        release="    fluent_oms.faults.clear()  # what they keep goes on\n" if keeps else "",
        asserts="\n".join(f"    {each}" for each in asserts),
    )


def _short(rule: Mapping[str, object]) -> dict[str, object]:
    """A rule without what goes without saying: the nth request comes once."""
    return {name: value for name, value in rule.items() if name not in ("id", "limit")}


def _name(finding: Finding) -> str:
    faults = [
        f"{fault.disturbance.name} at {fault.operation or 'call'} {fault.nth}"
        for fault in finding.schedule
    ]
    return re.sub(r"[^0-9a-z]+", "_", f"{' and '.join(faults)} does no harm".lower())
