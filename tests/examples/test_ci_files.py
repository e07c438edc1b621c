"""The files for others' CI: by the schemas that are published for them, and against our code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from .helpers.published_schemas import faults
from .helpers.written_commands import our_commands_in, wrong_words

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / "examples" / "ci" / "github-workflow.yml"
GITLAB = ROOT / "examples" / "ci" / "gitlab-ci.yml"
OF_WORKFLOWS = "https://json.schemastore.org/github-workflow.json"
OF_ACTIONS = "https://json.schemastore.org/github-action.json"
OF_GITLAB = (
    "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json"
)


class Loader(yaml.SafeLoader):
    """YAML as GitHub reads it: `on` is a word."""


Loader.yaml_implicit_resolvers = {
    first: [each for each in found if each[0] != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader)


def scripts(path: Path) -> list[str]:
    """What a pipeline runs in a shell."""
    document = read(path)
    if path == GITLAB:
        return [line for job in document.values() for line in job["before_script"] + job["script"]]
    return [
        step["run"] for job in document["jobs"].values() for step in job["steps"] if "run" in step
    ]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        (WORKFLOW, OF_WORKFLOWS),
        (ROOT / ".github" / "workflows" / "ci.yml", OF_WORKFLOWS),
        (ROOT / "action.yml", OF_ACTIONS),
        (GITLAB, OF_GITLAB),
    ],
    ids=lambda it: getattr(it, "name", ""),
)
def test_a_file_for_ci_is_what_its_service_takes(path: Path, schema: str) -> None:
    assert faults(read(path), schema) == []


def test_a_fault_in_a_file_for_ci_would_be_found() -> None:
    workflow, gitlab = read(WORKFLOW), read(GITLAB)
    workflow["jobs"]["connector"]["runs_on"] = "ubuntu-latest"
    gitlab["connector"]["scripts"] = ["echo"]

    assert faults(workflow, OF_WORKFLOWS) != []
    assert faults(gitlab, OF_GITLAB) != []


@pytest.mark.parametrize("path", [WORKFLOW, GITLAB], ids=lambda it: it.name)
def test_its_commands_of_ours_take_what_they_are_given(path: Path) -> None:
    found = [words for script in scripts(path) for words in our_commands_in(script)]

    assert [words[0] for words in found] == ["run"]
    assert [wrong_words(words) for words in found] == [[]]


def test_a_command_that_is_none_would_be_found() -> None:
    [found] = our_commands_in(
        "fluent-sim run --verfy x -- echo --more\nfluent-simx y\n# fluent-sim z"
    )

    assert wrong_words(found) == ["--verfy"]
    assert wrong_words(["rnu", "--x"]) == ["rnu --x"]


@pytest.mark.parametrize("path", [WORKFLOW, GITLAB], ids=lambda it: it.name)
def test_the_reports_that_it_keeps_are_those_that_are_written(path: Path) -> None:
    [command] = [words for script in scripts(path) for words in our_commands_in(script)]
    folder = command[command.index("--report-dir") + 1]

    assert f"{folder}/" in path.read_text(encoding="utf-8").replace(" ".join(command), "")
