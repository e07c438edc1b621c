"""The simulator that a request is for, to be asked for by whatever answers it."""

from flask import request

from ..domain.as_of import AsOf
from ..simulator import Simulator
from .placing import AS_OF, PLACED


def current() -> Simulator:
    """The simulator of the request in hand."""
    simulator: Simulator = request.environ[PLACED]
    return simulator


def as_of() -> AsOf | None:
    """As of when it is to be answered, where a fault has it read late."""
    found: AsOf | None = request.environ.get(AS_OF)
    return found
