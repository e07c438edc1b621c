"""A file that an option names: looked at before the work, and not replaced unasked."""

from __future__ import annotations

from pathlib import Path

from .report_folder import OVERWRITE, try_folder, unwritable


def fault_of_named_file(option: str, file: Path, *, overwrite: bool) -> str | None:
    """Why it cannot be written as it is asked, in a sentence; None where it can.

    Its folder is made if need be. What is no plain file, such as /dev/stdout, is only written to.
    """
    if file.is_file() and not overwrite:
        return (
            f"{option}: {file} is there already: name another file, or give {OVERWRITE} to replace"
            " it"
        )
    try:
        if not file.exists():
            try_folder(file.parent)
    except OSError as fault:
        return f"{option}: {unwritable(file.parent, fault)}"
    return None
