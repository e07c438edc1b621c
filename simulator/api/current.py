"""The simulator that a request is for, to be asked for by whatever answers it."""

from flask import request

from ..simulator import Simulator
from .placing import PLACED


def current() -> Simulator:
    """The simulator of the request in hand."""
    simulator: Simulator = request.environ[PLACED]
    return simulator
