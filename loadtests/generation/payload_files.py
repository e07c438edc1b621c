"""Payloads on disk: a file for each, or a line for each; gzip or not."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import IO

Writer = IO[bytes] | gzip.GzipFile
FILES, NDJSON = "files", "ndjson"
FORMATS = (FILES, NDJSON)


class Part:
    """Payloads that belong together: those of one load, or the events between two loads.

    A folder with a file for each payload, or one file with a line for each. The same payloads give
    the same bytes, also in gzip.
    """

    def __init__(self, folder: Path, number: int, name: str, form: str, zipped: bool) -> None:
        self.name = name
        self._payloads, self._entries = 0, 0
        self._dues = (0.0, 0.0)
        self._zipped = zipped
        self._path = folder / f"{number:04d}-{name.replace(' ', '-').replace(':', '')}"
        self._lines: Writer | None = None
        if form == FILES:
            self._path.mkdir(parents=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._lines = self._open(self._path.with_name(f"{self._path.name}.ndjson"))

    def write(self, body: bytes, entries: int, due: float) -> None:
        """Write the next payload, which carries so many records or deltas."""
        self._dues = (self._dues[0] if self._payloads else due, due)
        self._payloads += 1
        self._entries += entries
        if self._lines is not None:
            self._lines.write(body + b"\n")
            return
        with self._open(self._path / f"{self._payloads:06d}.json") as file:
            file.write(body)

    def close(self) -> None:
        """Nothing more is written."""
        if self._lines is not None:
            self._lines.close()

    def described(self) -> dict[str, object]:
        """What a manifest says about it."""
        return {
            "part": self._path.name,
            "name": self.name,
            "payloads": self._payloads,
            "entries": self._entries,
            "firstDue": self._dues[0],
            "lastDue": self._dues[1],
        }

    def _open(self, path: Path) -> Writer:
        if not self._zipped:
            return path.open("wb")
        return gzip.GzipFile(path.with_name(f"{path.name}.gz"), "wb", mtime=0)
