"""The page about tests: what it shows runs, and what there is stands in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import fluent_oms_simulator
import pytest
from fluent_oms_simulator import pytest_plugin
from fluent_oms_simulator.domain.trouble.fault_kinds import KINDS
from fluent_oms_simulator.harness.armed_fault import WhichCalls
from fluent_oms_simulator.harness.operation_words import WORDS
from fluent_oms_simulator.harness.world_options import KNOWN

from ..guards.helpers.breaks import tell
from ..guards.helpers.pages import blocks, code
from .helpers.inner_runs import RunTests
from .test_worked_example import MENDED, THE_BUG, read

pytest_plugins = ["pytester"]

PAGE = "simulator/harness/README.md"
TEST, MARKED, STRUCK, SCRIPT = blocks(PAGE, "python")
SAID = " ".join(code(PAGE))


def test_the_tests_that_it_shows_pass(run_tests: RunTests, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(connector=read("connector.py").replace(THE_BUG, MENDED))
    sends = "send(fluent_oms, delta(*PLACE, -1, 'pos-1'))"
    within = "".join(f"    {line}\n" for line in STRUCK.splitlines()).replace(
        "...", f"try: {sends}\n    except Exception: pass"
    )

    run_tests(
        f"from connector import Connector\n{TEST}\n{MARKED}\ndef test_struck(fluent_oms):\n{within}"
    ).assert_outcomes(passed=3)


def test_the_script_that_it_shows_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "FLUENT_BASE_URL" in done.stdout


def test_everything_that_a_test_can_use_stands_in_it() -> None:
    with fluent_oms_simulator.start(in_this_process=True) as sim:
        members = {name for name in dir(sim) if not name.startswith("_")}
    fixtures = {name for name in vars(pytest_plugin) if "fluent_oms" in name}

    words = {*members, *fixtures, *KNOWN, *WORDS, *(WhichCalls.__annotations__.keys() - {"id"})}
    tell(
        (f"{name} is not there" for name in sorted(words) if name not in SAID),
        f"Say in {PAGE} what it is for.",
    )
    assert any(f"{kind}(" in SAID for kind in KINDS)
