"""What is installed is what is in the repository, and it works where nothing else of ours is."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from .helpers.imports import FOLDERS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOT_INSTALLED = {".md", ".pyc"}
SECONDS = 600


def in_the_repository() -> set[str]:
    """Every file of our folders, under the name that it has once it is installed."""
    return {
        f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, package in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix not in NOT_INSTALLED
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    }


def pip(python: str | Path, command: str, *arguments: str | Path) -> None:
    """Run pip of this Python; whatever it says is told when it fails."""
    words = [python, "-m", "pip", "--disable-pip-version-check", command, "--quiet", *arguments]
    subprocess.run([str(word) for word in words], check=True, timeout=SECONDS)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The distribution, built from a copy: building leaves its traces beside the sources."""
    folder = tmp_path_factory.mktemp("built")
    source = folder / "source"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip: list[str] = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "--quiet",
    ]
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(source)],
        check=True,
        timeout=SECONDS,
    )
    [found] = folder.glob("*.whl")
    return found


def test_the_wheel_has_every_file_of_ours_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = {name for name in content.namelist() if ".dist-info/" not in name}

    assert names == in_the_repository()


@pytest.mark.slow
def test_the_wheel_starts_where_nothing_else_of_ours_is(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run(
        [*pip, "-c", str(ROOT / "requirements.lock"), str(wheel)], check=True, timeout=SECONDS
    )

    command = tmp_path / "empty" / "bin" / "fluent-sim"
    told = subprocess.run(
        [command, "demo"], cwd=tmp_path, capture_output=True, text=True, timeout=SECONDS
    )

    assert told.returncode == 0, told.stderr
    assert "LOC_MEL" in told.stdout


def test_every_dependency_is_pinned_in_the_lock_file() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lock}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = PROJECT["project"]["dependencies"] + extras["dev"]

    assert all("==" in line for line in lock)
    names = {item.partition(">=")[0].lower().replace("_", "-") for item in wanted}
    assert names - pinned == set()


def test_mypy_reads_every_part_of_the_package() -> None:
    links = ROOT / "tests" / "typing" / "fluent_oms_simulator"
    parts = {
        path.name
        for path in (ROOT / "simulator").iterdir()
        if path.suffix in (".py", ".typed") or (path / "__init__.py").is_file()
    }

    assert {path.name for path in links.iterdir()} == parts | set(FOLDERS) - {"simulator"}
    assert all(path.resolve().exists() for path in links.iterdir())
