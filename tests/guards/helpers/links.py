"""The links by which mypy reads our folders under the name that they have once installed."""

from __future__ import annotations

from pathlib import Path

from .imports import FOLDERS, PACKAGE, ROOT

LINKS = Path("tests", "typing", PACKAGE)
UP = Path(*[".."] * len(LINKS.parts))


def wanted(root: Path = ROOT) -> dict[str, Path]:
    """Where each link leads: to each part of `simulator/`, and to the other folders."""
    parts = [
        path.relative_to(root)
        for path in (root / "simulator").iterdir()
        if path.suffix in (".py", ".typed") or (path / "__init__.py").is_file()
    ]
    others = [Path(folder) for folder in FOLDERS if folder != "simulator"]
    return {path.name: UP / path for path in (*parts, *others)}


def there(root: Path = ROOT) -> dict[str, Path | None]:
    """Where each link leads now; None for what is no link."""
    return {
        path.name: path.readlink() if path.is_symlink() else None
        for path in (root / LINKS).iterdir()
    }


def wrong(root: Path = ROOT) -> list[str]:
    """What is to be made, or taken away."""
    old, new = there(root), wanted(root)
    missing = [f"{LINKS / name} does not lead to {new[name]}" for name in new.keys() - old.keys()]
    astray = [
        f"{LINKS / name} is not to be there, or not to lead to {target or 'itself'}"
        for name, target in old.items()
        if new.get(name) != target
    ]
    return sorted(missing + astray)


def renew(root: Path = ROOT) -> bool:
    """Make what is missing, and take away what leads astray; whether anything was wrong."""
    old, new = there(root), wanted(root)
    for name in [name for name, target in old.items() if new.get(name) != target]:
        (root / LINKS / name).unlink()
    for name in new.keys() - there(root).keys():
        (root / LINKS / name).symlink_to(new[name])
    return old != new
