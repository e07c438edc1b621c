"""Commands as a person pastes them into a shell."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .command_line import SECONDS

needs_shell = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "sed"))), reason="bash, curl or sed is not installed"
)


def paste(text: str, folder: Path | None = None, **variables: str) -> str:
    """What bash in a folder answers, when all has gone well."""
    done = pasted(text, folder, **variables)
    done.check_returncode()
    return done.stdout.strip()


def pasted(
    text: str, folder: Path | None = None, *, shell: str = "bash", **variables: str
) -> "subprocess.CompletedProcess[str]":
    """What becomes of it in a shell in a folder; `fluent-sim` is on its path."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        [shell, "-c", text],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={"PATH": path, "NO_PROXY": "*", **variables},
        check=False,
    )


def holds(whole: Any, part: Any) -> bool:
    """Whether all that a page shows is in an answer, which may have further fields."""
    if isinstance(part, dict):
        return all(name in whole and holds(whole[name], value) for name, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)
