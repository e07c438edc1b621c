"""Has a request go to its simulator: a server has one without a name, and some with names."""

from typing import TYPE_CHECKING

from ..errors import ApiError
from ..simulator import Simulator

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

PLACED = "fluent_oms_simulator.placed"
"""Where a request's environment keeps its simulator."""
RECORD = "fluent_oms_simulator.record"
"""Where a request's environment keeps what wants to know how the request was answered."""
RECORDER = "fluent_oms_simulator.recorder"
"""Where it keeps another one that is to know instead."""
AS_OF = "fluent_oms_simulator.as_of"
"""Where it keeps as of when it is to be answered, if not as of now."""
MISPLACED = "fluent_oms_simulator.misplaced"
"""Where it keeps why it belongs to none."""


def put_in_place(environ: "WSGIEnvironment", home: Simulator) -> None:
    """Have a request go to its simulator, unless whoever serves the application has done so.

    One that names what there is not is refused later, as any other bad request.
    """
    if PLACED in environ:
        return
    environ[PLACED] = home
    if home.worlds is None:
        return
    try:
        simulator, base, path = home.worlds.place(
            environ.get("PATH_INFO", ""),
            environ.get("HTTP_X_FLUENT_SIM_NAMESPACE"),
            environ.get("HTTP_AUTHORIZATION"),
        )
    except ApiError as refusal:
        environ[MISPLACED] = refusal
        return
    environ[PLACED] = simulator
    if base:
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + base
        environ["PATH_INFO"] = path
