"""JSON that a person gives to a command, read as the server reads what it is sent."""

from __future__ import annotations

from ..intake.parsing import NotJsonError, TextFaultKind, read_json
from .control_api import ControlApi


def document_in(content: bytes, name: str, api: ControlApi) -> object:
    """The one document in a file of this name; ends the command where there is none."""
    try:
        return read_json(content)
    except NotJsonError as fault:
        is_deep = fault.faults[0].kind is TextFaultKind.DEPTH
        told = str(fault) if is_deep else f"is not JSON to be used: {fault}"
        raise api.refusal(f"{name} {told}") from None
