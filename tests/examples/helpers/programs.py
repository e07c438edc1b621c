"""Programs that are not ours, and may not be here; the vendor's own client, from npm."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 600
CLIENT = "@fluentcommerce/fc-connect-sdk@0.1.56"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def install_client(folder: Path) -> None:
    """Have the vendor's client in a folder; skips the test where npm has none."""
    if (folder / "node_modules").exists():
        return
    quiet = (
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--ignore-scripts",
        "--fetch-retries=1",
        "--prefix",
        str(folder),
    )
    installed = subprocess.run(
        [program("npm"), "install", *quiet, CLIENT],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if installed.returncode:
        shutil.rmtree(folder / "node_modules", ignore_errors=True)
        pytest.skip(f"npm has no {CLIENT} here: {installed.stderr[-300:]}")
