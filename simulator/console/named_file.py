"""A file that an option names: looked at before the work, and not replaced unasked."""

from __future__ import annotations

from pathlib import Path

from .report_folder import OVERWRITE, try_folder, unwritable


def fault_of_replacing(option: str, file: Path, *, overwrite: bool) -> str | None:
    """That it is there and may not be replaced, in a sentence; None where it is not, or may be.

    What is no plain file, such as /dev/stdout, is only written to.
    """
    if overwrite or not file.is_file():
        return None
    return (
        f"{option}: {file} is there already: name another file, or give {OVERWRITE} to replace it"
    )


def fault_of_named_file(option: str, file: Path, *, overwrite: bool) -> str | None:
    """Why it cannot be written as it is asked, in a sentence; None where it can.

    Its folder is made if need be.
    """
    if why := fault_of_replacing(option, file, overwrite=overwrite):
        return why
    try:
        if not file.exists():
            try_folder(file.parent)
    except OSError as fault:
        return f"{option}: {unwritable(file.parent, fault)}"
    return None
