"""The command line as a person meets it: help, tables, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from fluent_oms_simulator import cli
from fluent_oms_simulator.behaviour import describe
from fluent_oms_simulator.cli import COMMANDS, SubCommand, main
from fluent_oms_simulator.intake import seeding
from fluent_oms_simulator.settings import SETTINGS

from .helpers.command_line import commands, python


def run(*args: str) -> Result:
    # Clear of whatever the machine that runs the tests sets.
    unset = {row.env: None for row in SETTINGS} | {"FLUENT_SIM_CONFIG": None}
    return CliRunner(env=unset).invoke(main, args)


def test_help_lists_every_command() -> None:
    result = run("--help")

    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in COMMANDS)


def test_help_of_serve_names_every_setting_and_its_environment_variable() -> None:
    text = run("serve", "--help").output

    assert [row.name for row in SETTINGS if row.flag not in text or row.env not in text] == []


def test_help_waits_for_nothing_but_click() -> None:
    code = (
        "import json, sys\n"
        "import click\n"
        "before = set(sys.modules)\n"
        "from fluent_oms_simulator.cli import main\n"
        "from fluent_oms_simulator.console.ending import run\n"
        "try: run(main)\n"
        "except SystemExit: print('\\n' + json.dumps(sorted(set(sys.modules) - before)))"
    )

    output = subprocess.check_output([sys.executable, "-c", code, "--help"], text=True)

    loaded = json.loads(output.splitlines()[-1])
    ours = [name.removeprefix("fluent_oms_simulator") for name in loaded if "fluent_oms" in name]
    others = [name for name in loaded if "fluent_oms" not in name and "click" not in name]
    assert ours == [
        "",
        ".cli",
        ".console",
        ".console.ending",
        ".console.interrupts",
        ".console.refusal",
        ".console.saying",
        ".console.standard_streams",
        ".release",
        ".text",
        ".text.printable",
    ]
    assert [name for name in others if name.partition(".")[0] not in sys.stdlib_module_names] == []
    # click's own help takes the most of these; what is slow to load would bring dozens
    assert len(others) < 30, others


def test_version_is_that_of_the_package() -> None:
    assert "0.1.0" in run("--version").output


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_behaviours_lists_every_switch_in_every_format(form: str) -> None:
    result = run("behaviours", "--format", form)

    assert result.exit_code == 0
    assert [switch.name for switch in describe() if switch.name not in result.output] == []


def test_behaviours_as_json_carries_values_default_effect_and_evidence() -> None:
    rows = json.loads(run("behaviours", "--format", "json").output)

    (row,) = [row for row in rows if row["name"] == "delta.duplicate"]
    assert row["values"] == ["upsert", "reject", "accumulate"]
    assert row["default"] == "upsert"
    assert row["effect"]
    assert row["evidence"]


def test_no_setting_has_a_default_that_is_not_told() -> None:
    told = " ".join(run("serve", "-h").output.split())

    assert "[FLUENT_SIM_WEBHOOK; default none]" in told
    assert "default ]" not in told


def test_behaviours_of_a_profile_are_those_that_it_sets_otherwise() -> None:
    rows = json.loads(run("behaviours", "--profile", "documented", "--format", "json").output)

    values = {row["name"]: (row["default"], row["documented"]) for row in rows}
    assert values["batch.invalid_record"] == ("refuse_batch", "refuse_record")
    assert "delta.duplicate" not in values
    assert all(default != documented for default, documented in values.values())
    table = run("behaviours", "--profile", "documented").output
    assert "refuse_record (documented)" in table
    assert "delta.duplicate" not in table.replace("Set one with", "")


def test_the_strict_profile_sets_nothing_otherwise() -> None:
    result = run("behaviours", "--profile", "strict", "--format", "json")

    assert json.loads(result.stdout) == []
    assert result.stderr == "The profile strict has every switch at its default.\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--port", "many"], "--port: found 'many', expected a whole number from 0 to 65535"),
        (["--behaviour", "delta.duplicat=reject"], "did you mean delta.duplicate?"),
        (["--behaviour", "delta.duplicate=maybe"], "delta.duplicate cannot be 'maybe'"),
        (["--seed-data", "no-such-file.json"], "no-such-file.json"),
        (["--config", "no-such-file.toml"], "no-such-file.toml: No such file"),
        (["--host", "256.1.1.1"], "--host: 256.1.1.1"),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1"),
    ],
)
def test_what_cannot_be_served_is_refused_in_a_sentence(args: list[str], message: str) -> None:
    result = run("serve", *args)

    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert result.stderr.startswith("fluent-sim serve: ")
    assert len(result.stderr.splitlines()) == 1


def test_a_seed_file_with_a_fault_is_refused_before_the_start(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('[{"locationRef": "LOC_1", "skuRef": "SKU_1", "qty": -5}]')

    result = run("serve", "--seed-data", str(seed))

    assert result.exit_code == 2
    assert "qty" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs fifos and links")
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_seed_data_without_an_end_is_refused(tmp_path: Path, kind: str) -> None:
    seed = tmp_path / "seed"
    if kind == "pipe":
        os.mkfifo(seed)  # and nobody will ever write to it
    else:
        seed.symlink_to("/dev/zero")

    result = run("serve", "--seed-data", str(seed))

    assert result.exit_code == 2
    assert "is a pipe or a device: expected a file" in result.stderr


def test_seed_data_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "MOST_BYTES", 10)
    seed = tmp_path / "seed.json"
    seed.write_text('[{"locationRef": "LOC_1", "skuRef": "SKU_1", "qty": 5}]')

    result = run("serve", "--seed-data", str(seed))

    assert result.exit_code == 2
    assert "has more than 10 bytes" in result.stderr


def test_a_command_without_its_extra_says_which_one_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = SubCommand("Measure.", extra="loadtests", probe="no_such_module")
    monkeypatch.setitem(cli.COMMANDS, "bench", missing)

    for args in (["bench"], ["bench", "--only", "startup", "--json", "x"]):
        result = run(*args)

        assert result.exit_code == 2
        assert result.output.strip() == (
            "fluent-sim bench needs the extra 'loadtests':"
            " pip install 'fluent-oms-simulator[loadtests]'"
        )


def test_an_unknown_command_or_option_is_refused() -> None:
    assert run("sevre").exit_code == 2
    assert run("serve", "--prot", "1").exit_code == 2


@pytest.mark.parametrize("words", commands(), ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_can_be_asked_of_every_command(words: tuple[str, ...], flag: str) -> None:
    from click.testing import CliRunner
    from fluent_oms_simulator.cli import main

    result = CliRunner().invoke(main, [*words, flag], catch_exceptions=False)

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: {' '.join(['fluent-sim', *words])} ")


def test_help_can_be_read_before_any_extra_is_installed() -> None:
    code = """
import sys
from importlib import util

EXTRAS = {"faker", "gevent", "hypothesis", "locust", "psutil", "pytest", "requests", "schemathesis"}
class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NotInstalled())
find_spec = util.find_spec
util.find_spec = lambda name: None if name in EXTRAS else find_spec(name)

from click.testing import CliRunner
from fluent_oms_simulator.cli import COMMANDS, main
for words in eval(sys.argv[1]):
    result = CliRunner().invoke(main, [*words, "--help"], catch_exceptions=False)
    assert (result.exit_code, result.output[:6]) == (0, "Usage:"), (words, result.output)
for words in (["load", "ramp"], ["contract"], ["contract", "replay", "f"], ["bench"]):
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    assert result.exit_code == 2, words
    assert f"fluent-sim {' '.join(words[:2])}".removesuffix(" f") in result.output, result.output
    assert "needs the extra" in result.output, result.output
"""
    done = python(code, repr(commands()))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "args",
    [
        ["validate", "--select", "NOSUCH", "x.json"],
        ["generate", "deltas", "--count", "1", "--duration", "1s", "--out", "x"],
        ["generate", "full-load", "--count", "1", "--out", "x"],
        ["generate", "deltas", "--out", "."],
        ["report", "--select", "NOSUCH"],
        ["rules", "NOSUCH"],
    ],
    ids=" ".join,
)
def test_a_refusal_says_whose_it_is(args: list[str]) -> None:
    done = CliRunner().invoke(main, args)

    assert done.exit_code == 2
    assert done.stderr.startswith(f"fluent-sim {args[0]}: ")
