"""JSON that a person gives to a command, read as the server reads what it is sent."""

from __future__ import annotations

from ..intake.parsing import NotJsonError, read_json
from .control_api import ControlApi


def document_in(content: bytes, name: str, api: ControlApi) -> object:
    """The one document in a file of this name; ends the command where there is none."""
    try:
        return read_json(content)
    except NotJsonError as fault:
        raise api.refusal(fault.told_of(name)) from None
