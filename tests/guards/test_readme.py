"""What the README says can be done, can be done."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from fluent_oms_simulator.cli import COMMANDS, main
from fluent_oms_simulator.domain.bounds import markdown
from fluent_oms_simulator.serving.banner import commands
from fluent_oms_simulator.settings import CONFIG_ENV, SETTINGS, Setting, Settings, default_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def code(text: str) -> str:
    """The shell blocks and the inline code of a page."""
    found = re.findall(r"```bash\n(.*?)```|`([^`\n]+)`", text, re.S)
    return "\n".join(block or inline for block, inline in found)


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
def test_every_setting_is_documented_with_its_three_names_and_its_default(row: Setting) -> None:
    default = default_of(row)
    text = " ".join(default) if isinstance(default, tuple) else str(default or "none")

    line = next((line for line in README.splitlines() if f"`{row.flag}`" in line), "")

    assert f"`{row.env}`" in line
    assert f"`{row.name}`" in line
    assert f"`{text}`" in line or (text == "none" and "none" in line)


def test_the_configuration_file_is_documented() -> None:
    assert "--config" in README
    assert CONFIG_ENV in README


def test_the_commands_to_paste_are_those_that_the_server_prints() -> None:
    printed = commands(Settings(), "http://127.0.0.1:4141")

    assert [title for title, command in printed if command not in README] == []


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_target_and_every_command_that_is_named_exists(text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.M))

    assert set(re.findall(r"\bmake ([a-z]+)", code(text))) <= targets
    assert set(re.findall(r"\bfluent-sim ([a-z]+)", code(text))) <= set(COMMANDS)


def test_the_table_of_open_points_is_what_the_command_prints() -> None:
    table = CliRunner().invoke(main, ["behaviours", "--format", "markdown"]).output

    assert table in README, "bring it up to date: make readme"


def test_the_table_of_bounds_is_that_of_the_code() -> None:
    assert f"\n{markdown()}\n\n" in README, "bring it up to date: make readme"


def test_every_folder_of_the_table_exists() -> None:
    folders = re.findall(r"^\| `([a-z/]+/)` \|", README, re.M)

    assert len(folders) >= 8
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_it_says_whose_project_it_is_not() -> None:
    words = " ".join(README.split())

    assert "not affiliated with or endorsed by Fluent Commerce" in words
    assert "reconstructed from public documentation" in words
