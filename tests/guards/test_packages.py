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

from .helpers import links
from .helpers.breaks import planted, tell, told
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

    tell(
        [f"{name} is not in the wheel" for name in sorted(in_the_repository() - names)]
        + [f"{name} is in the wheel alone" for name in sorted(names - in_the_repository())],
        "A folder is installed where it has an __init__.py (setup.py), a file where package-data in"
        " pyproject.toml has its kind.",
    )


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

    names = {item.partition(">=")[0].lower().replace("_", "-") for item in wanted}
    tell(
        [f"{line} names no version" for line in lock if "==" not in line]
        + [f"{name} is not pinned" for name in sorted(names - pinned)],
        "Run `make lock`, which resolves requirements.lock anew.",
    )


def mypy_reads_every_part(root: Path = ROOT) -> None:
    tell(
        links.wrong(root), "Run `make readme`, which makes the links by which mypy reads our code."
    )


def test_mypy_reads_every_part_of_the_package() -> None:
    mypy_reads_every_part()


def test_a_new_folder_and_a_new_module_get_their_links(tmp_path: Path) -> None:
    planted(tmp_path, simulator__newroom__one="", simulator__new_module="", simulator__old="")
    where = tmp_path / links.LINKS
    where.mkdir(parents=True)
    links.renew(tmp_path)
    mypy_reads_every_part(tmp_path)

    (where / "newroom").unlink()
    (tmp_path / "simulator" / "old.py").unlink()
    with told("newroom does not lead to ../../../simulator/newroom", "old.py", "make readme"):
        mypy_reads_every_part(tmp_path)

    assert links.renew(tmp_path)
    mypy_reads_every_part(tmp_path)
    assert (where / "newroom" / "one.py").is_file()
    assert not links.renew(tmp_path)
