"""Installs the peers into folders of their own, each from its registry, by the ordinary client."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .known_peers import Peer

FOLDER = Path("build/peers")
"""Where they are, below the folder that the command is run in."""
SECONDS_TO_INSTALL = 600
NPM = (
    *("npm", "install", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"),
    # A peer's package needs no program of its own to be run while it is installed.
    "--ignore-scripts",
)
_INSTALLED, _REFUSED = "installed.txt", "not-installed.txt"


def why_missing(peer: Peer, folder: Path = FOLDER) -> str | None:
    """Why a peer cannot take part; None where it can."""
    needed = peer.command[0]
    if needed in ("node", "java") and shutil.which(needed) is None:
        return f"it needs {needed}, which is not on this machine"
    home = folder / peer.name
    if _read(home / _INSTALLED) == peer.requirement:
        return None
    return _read(home / _REFUSED) or "not installed"


def install(peer: Peer, folder: Path = FOLDER) -> str | None:
    """Install a peer; why that failed, None where it did not."""
    home = folder.absolute() / peer.name
    if why_missing(peer, folder) is None:
        return None
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for command in commands(peer, home):
        reason = _failure(command, home)
        if reason is not None:
            (home / _REFUSED).write_text(reason, "utf-8")
            return reason
    (home / _INSTALLED).write_text(peer.requirement, "utf-8")
    return why_missing(peer, folder)


def commands(peer: Peer, home: Path) -> list[list[str]]:
    """What installs a peer into its folder."""
    if peer.registry == "npm":
        return [[*NPM, "--prefix", str(home), peer.requirement]]
    python = home / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    return [
        [sys.executable, "-m", "venv", str(home / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", peer.requirement],
    ]


def _failure(command: Sequence[str], home: Path) -> str | None:
    program = shutil.which(command[0])
    if program is None:
        return f"it needs {command[0]}, which is not on this machine"
    try:
        done = subprocess.run(
            [program, *command[1:]],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            cwd=home,
            timeout=SECONDS_TO_INSTALL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} took more than {SECONDS_TO_INSTALL} seconds"
    if done.returncode == 0:
        return None
    said = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    complaint = next((line for line in said if "error" in line.lower()), "".join(said[-1:]))
    return complaint or f"{Path(command[0]).name} ended with {done.returncode}"


def _read(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
