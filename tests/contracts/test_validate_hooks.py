"""The pre-commit hook and the GitHub Action call the command as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from fluent_oms_simulator.cli import main

from ..support import batch, record
from .validating import write

ROOT = Path(__file__).parents[2]
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
posix = pytest.mark.skipif(sys.platform == "win32", reason="runs bash")


def run_step(folder: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """The action's last step, as a runner would run it."""
    step = ACTION["runs"]["steps"][-1]
    defaults = {name: given.get("default", "") for name, given in ACTION["inputs"].items()}
    values = defaults | {name.replace("_", "-"): value for name, value in inputs.items()}
    environ = {
        name: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    command = folder / "fluent-sim"
    start = "import sys; from fluent_oms_simulator.cli import main; main()"
    command.write_text(f"#!/bin/sh\nexec '{sys.executable}' -c '{start}' \"$@\"\n")
    command.chmod(0o755)
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=os.environ | environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@posix
def test_the_action_checks_every_path_and_annotates_what_it_finds(tmp_path: Path) -> None:
    write(tmp_path / "a b.json", batch(record("P", "L", "x")))
    write(tmp_path / "c.json", batch(record("P", "L", 1)))

    done = run_step(tmp_path, paths="a b.json\n\nc*.json\n", report_dir="out", ignore="FOMS-S")

    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=a b.json,line=1," in done.stdout
    assert (tmp_path / "out" / "report.sarif").is_file()


@posix
def test_the_action_takes_no_input_for_code(tmp_path: Path) -> None:
    write(tmp_path / "a.json", batch(record("P", "L", 1)))

    done = run_step(tmp_path, paths="a.json\n$(touch hacked)\n--help", retailer="1;touch hacked")

    assert done.returncode == 2
    assert not (tmp_path / "hacked").exists()


def test_inputs_reach_the_shell_as_environment_variables_only() -> None:
    assert [step for step in ACTION["runs"]["steps"] if "${{" in step.get("run", "")] == []


def test_the_hook_calls_the_command_with_the_files(tmp_path: Path) -> None:
    program, *arguments = HOOK["entry"].split()
    path = write(tmp_path / "a.json.gz", batch(record("P", "L", 1)))

    result = CliRunner().invoke(main, [*arguments, str(path)])

    assert (program, result.exit_code) == ("fluent-sim", 0)
    assert re.search(HOOK["files"], path.name)
    assert not re.search(HOOK["files"], "package.toml")
