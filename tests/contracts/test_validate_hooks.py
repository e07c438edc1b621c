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
from .helpers.validating import write

ROOT = Path(__file__).parents[2]
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
posix = pytest.mark.skipif(sys.platform == "win32", reason="runs bash")


class Runner:
    """Runs the shell steps of the action one after the other, as GitHub's runner does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.summary = folder / "summary"
        self.path = folder / "path"
        self._output = folder / "output"
        self._temp = folder / "temp"
        self._temp.mkdir()
        for file in (self.summary, self.path, self._output):
            file.touch()
        # In place of the Python that is set up: makes an environment that has the command.
        self._python = self._script(
            folder / "python with a space",
            f"bin=$4/bin; mkdir -p $bin; cp '{self._pip()}' $bin/python; cp '{self._sim()}' $bin/",
        )

    def _pip(self) -> Path:
        return self._script(self.folder / "pip", f'echo "$@" >> {self.folder}/installed')

    def _sim(self) -> Path:
        command = f"exec '{sys.executable}' -m fluent_oms_simulator \"$@\""
        return self._script(self.folder / "fluent-sim", command)

    @staticmethod
    def _script(path: Path, commands: str) -> Path:
        path.write_text(f"#!/bin/sh\n{commands}\n")
        path.chmod(0o755)
        return path

    def run(self, **inputs: str) -> "subprocess.CompletedProcess[str]":
        """The last step, once those before it have been run; their inputs are the defaults."""
        defaults = {name: given.get("default", "") for name, given in ACTION["inputs"].items()}
        known = {f"inputs.{name}": value for name, value in defaults.items()}
        known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        known["github.action_path"] = str(ROOT)
        known["steps.python.outputs.python-path"] = str(self._python)
        for step in ACTION["runs"]["steps"]:
            if "run" not in step:
                continue
            done = self._step(step, known)
            for line in self._output.read_text().splitlines():
                name, _, value = line.partition("=")
                known[f"steps.{step.get('id')}.outputs.{name}"] = value
            self._output.write_text("")
        return done

    def _step(self, step: Any, known: dict[str, str]) -> "subprocess.CompletedProcess[str]":
        environ = {
            name: re.sub(r"\$\{\{ ([a-z._-]+) \}\}", lambda found: known[found[1]], text)
            for name, text in step["env"].items()
        }
        files = {
            "GITHUB_OUTPUT": str(self._output),
            "GITHUB_PATH": str(self.path),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "RUNNER_TEMP": str(self._temp),
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.folder,
            env=os.environ | environ | files,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def run_step(folder: Path, **inputs: str) -> "subprocess.CompletedProcess[str]":
    """The action's last step, as a runner would run it."""
    return Runner(folder).run(**inputs)


@posix
def test_the_action_checks_every_path_and_annotates_what_it_finds(tmp_path: Path) -> None:
    write(tmp_path / "a b.json", batch(record("P", "L", "x")))
    write(tmp_path / "c.json", batch(record("P", "L", 1)))

    done = run_step(tmp_path, paths="a b.json\n\nc*.json\n", report_dir="out", ignore="FOMS-S")

    assert (done.returncode, done.stderr) == (1, "")
    assert "::error file=a b.json,line=1," in done.stdout
    assert (tmp_path / "out" / "report.sarif").is_file()


@posix
@pytest.mark.parametrize("report_dir", ["", "out"])
def test_the_action_shows_a_summary_of_what_it_found(tmp_path: Path, report_dir: str) -> None:
    write(tmp_path / "a.json", batch(record("P", "L", "x")))
    runner = Runner(tmp_path)
    runner.summary.write_text("Of a step before.\n")

    done = runner.run(paths="a.json", report_dir=report_dir)

    first, title, *others = runner.summary.read_text().splitlines()
    assert (done.returncode, first) == (1, "Of a step before.")
    assert title.startswith("### Payload validation: 1 error")
    assert any(line.startswith("| error | <code>a.json") for line in others)


@posix
def test_the_action_replaces_what_it_has_reported_before(tmp_path: Path) -> None:
    write(tmp_path / "a.json", batch(record("P", "L", "x")))
    runner = Runner(tmp_path)
    codes = [runner.run(paths="a.json", report_dir="out").returncode for _ in range(2)]
    write(tmp_path / "a.json", batch(record("P", "L", 1)))
    codes.append(runner.run(paths="a.json", report_dir="out").returncode)

    assert codes == [1, 1, 0]
    assert ": passed" in (tmp_path / "out" / "summary.md").read_text()


@posix
def test_the_action_shows_no_summary_of_an_earlier_run(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "summary.md").write_text("passed\n")
    runner = Runner(tmp_path)

    done = runner.run(paths="a.json", report_dir="out", select="no-such-rule")

    assert (done.returncode, runner.summary.read_text()) == (2, "")


@posix
def test_the_steps_that_follow_the_action_keep_their_python(tmp_path: Path) -> None:
    write(tmp_path / "a.json", batch(record("P", "L", 1)))
    runner = Runner(tmp_path)

    done = runner.run(paths="a.json")

    (installed,) = (tmp_path / "installed").read_text().splitlines()
    assert (done.returncode, runner.path.read_text()) == (0, "")
    assert installed.endswith(f"install --quiet --disable-pip-version-check {ROOT}")
    setups = [step for step in ACTION["runs"]["steps"] if "setup-python" in step.get("uses", "")]
    assert [step["with"]["update-environment"] for step in setups] == [False]


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
