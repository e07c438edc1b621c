"""Commands as a person pastes them into a shell."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

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
