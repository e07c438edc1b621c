"""The container, as far as it can be looked at without building one: the files against our code."""

from __future__ import annotations

import fnmatch
import json
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.connector.connector_variables import NAMES, connector_variables
from fluent_oms_simulator.settings import Settings, variables

from ..guards.helpers.imports import FOLDERS
from .helpers.published_schemas import faults
from .helpers.written_commands import wrong_words

ROOT = Path(__file__).parents[2]
SECONDS = 600
OF_COMPOSE = (
    "https://raw.githubusercontent.com/compose-spec/compose-spec/master/schema/compose-spec.json"
)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: Any = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
PORT = str(Settings().port)


def instructions(text: str = DOCKERFILE) -> list[tuple[str, str]]:
    """Each instruction and what follows it, on one line."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()
    pairs = (line.strip().partition(" ") for line in joined if line.strip())
    return [(name, " ".join(rest.split())) for name, _, rest in pairs]


def last_stage() -> dict[str, str]:
    """The instructions of the image that is run; of several the last."""
    found = instructions()
    begins = max(at for at, (name, _) in enumerate(found) if name == "FROM")
    return dict(found[begins:])


def sources() -> list[str]:
    """What is copied out of the repository."""
    copies = [shlex.split(rest) for name, rest in instructions() if name == "COPY"]
    return [
        source.rstrip("/")
        for words in copies
        if not words[0].startswith("--from")
        for source in words[:-1]
    ]


def is_let_in(path: str) -> bool:
    """Whether `.dockerignore` leaves a file or folder at the top to what is built."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    is_in = True
    for line in (line.strip().rstrip("/") for line in lines):
        if line and not line.startswith("#") and fnmatch.fnmatch(path, line.removeprefix("!")):
            is_in = line.startswith("!")
    return is_in


def test_everything_that_is_copied_is_there_and_is_let_in() -> None:
    assert sources() != []
    assert [source for source in sources() if not (ROOT / source).exists()] == []
    assert [source for source in sources() if not is_let_in(source)] == []
    assert not is_let_in("tests")
    assert not is_let_in(".git")


def test_everything_that_the_package_is_made_of_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {*FOLDERS, "pyproject.toml", "setup.py", "requirements.lock"}
    needed |= {project["readme"], *project["license-files"]}

    assert needed == set(sources())


def test_it_is_installed_by_the_lock_and_from_where_pip_looks_by_itself() -> None:
    [installing] = [rest for name, rest in instructions() if name == "RUN" and "pip" in rest]

    assert "--constraint requirements.lock" in installing
    assert "://" not in DOCKERFILE
    assert "index" not in DOCKERFILE


def test_it_runs_the_simulator_as_nobody_in_particular_on_its_own_port() -> None:
    stage = last_stage()
    started = json.loads(stage["ENTRYPOINT"]) + json.loads(stage["CMD"])

    assert all(each.isdigit() and int(each) > 0 for each in stage["USER"].split(":"))
    assert stage["EXPOSE"] == PORT
    assert (started[0], wrong_words(started[1:])) == ("fluent-sim", [])
    said = dict(pair.split("=", 1) for pair in shlex.split(stage["ENV"]))
    assert said.keys() - {"PATH"} <= set(variables())
    assert said["FLUENT_SIM_HOST"] == "0.0.0.0"


def test_its_health_is_asked_for_by_a_command_of_ours() -> None:
    health = last_stage()["HEALTHCHECK"]
    asked = json.loads(health[health.index("[") :])

    assert asked[:2] == ["fluent-sim", "wait"]
    assert wrong_words(asked[1:]) == []


def test_the_image_that_is_built_has_what_the_one_that_is_run_takes_from_it() -> None:
    stages = [rest.partition(" AS ")[2] for name, rest in instructions() if name == "FROM"]
    taken = [shlex.split(rest) for name, rest in instructions() if rest.startswith("--from=")]

    for source, folder, where in taken:
        assert source.removeprefix("--from=") in stages
        assert folder in DOCKERFILE.partition("COPY --from")[0]
        assert folder == where
        assert f"{folder}/bin" in last_stage()["ENV"]


def test_compose_reads_as_its_specification_has_it() -> None:
    assert faults(COMPOSE, OF_COMPOSE) == []
    assert faults({**COMPOSE, "services": {"one": {"port": 1}}}, OF_COMPOSE) != []


def test_compose_publishes_the_port_to_this_machine_alone() -> None:
    assert COMPOSE["services"]["fluent-oms"]["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert COMPOSE["services"]["fluent-oms"]["environment"].keys() <= set(variables())


def test_the_connector_of_compose_is_told_what_lets_it_in() -> None:
    server, connector = COMPOSE["services"]["fluent-oms"], COMPOSE["services"]["connector"]
    told = connector["environment"]
    expected = connector_variables(Target(f"http://fluent-oms:{PORT}"))

    assert told.keys() == NAMES.keys()
    assert {name: _default(text) for name, text in told.items()} == expected
    for name in ("CLIENT_SECRET", "PASSWORD"):
        assert told[f"FLUENT_{name}"] == server["environment"][f"FLUENT_SIM_{name}"]
    [mounted] = connector["volumes"]
    folder, inside, _ = mounted.split(":")
    assert (ROOT / folder / connector["command"][1].removeprefix(f"{inside}/")).is_file()
    assert connector["depends_on"]["fluent-oms"]["condition"] == "service_healthy"


def _default(text: str) -> str:
    """What compose makes of `${NAME:-default}` where the variable is not set."""
    return text.partition(":-")[2].removesuffix("}") if text.startswith("${") else text


@pytest.mark.slow
def test_what_is_copied_is_enough_to_build_the_package(tmp_path: Path) -> None:
    for source in sources():
        copy: Any = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
        copy(ROOT / source, tmp_path / source)

    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", "built", "."],
        cwd=tmp_path,
        check=True,
        timeout=SECONDS,
    )

    assert len(list((tmp_path / "built").glob("fluent_oms_simulator-*.whl"))) == 1
