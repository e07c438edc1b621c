"""What is installed is what is in the repository."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETUPTOOLS = PROJECT["tool"]["setuptools"]
FOLDERS = {
    "simulator": "fluent_oms_simulator",
    "contracts": "fluent_oms_simulator.contracts",
    "loadtests": "fluent_oms_simulator.loadtests",
    "schemas": "fluent_oms_simulator.schemas",
}


def test_every_folder_with_python_code_is_a_package_of_the_distribution() -> None:
    on_disk = {
        ".".join([package, *path.parent.relative_to(ROOT / folder).parts])
        for folder, package in FOLDERS.items()
        for path in (ROOT / folder).rglob("*.py")
    }

    assert on_disk == set(SETUPTOOLS["packages"])


def test_every_package_has_its_init_file() -> None:
    homes = {package: ROOT / folder for folder, package in FOLDERS.items()}
    missing = []
    for package in SETUPTOOLS["packages"]:
        home = max((name for name in homes if package.startswith(name)), key=len)
        folder = homes[home].joinpath(*package.removeprefix(home).strip(".").split("."))
        if not (folder / "__init__.py").is_file():
            missing.append(package)

    assert missing == []


def test_every_data_file_is_installed() -> None:
    patterns = SETUPTOOLS["package-data"]
    left_out = [
        path.relative_to(ROOT).as_posix()
        for folder, package in FOLDERS.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and path.suffix not in (".py", ".pyc", ".md")
        and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
        and not any(path in (ROOT / folder).glob(p) for p in patterns.get(package, []))
    ]

    assert left_out == []


def test_every_dependency_is_pinned_in_the_lock_file() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lock}
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = PROJECT["project"]["dependencies"] + extras["dev"]

    assert all("==" in line for line in lock)
    names = {item.partition(">=")[0].lower().replace("_", "-") for item in wanted}
    assert names - pinned == set()
