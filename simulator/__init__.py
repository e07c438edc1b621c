"""An offline stand-in for the inventory APIs of Fluent OMS.

May import: simulator/app.py, simulator/assembly.py, simulator/simulator.py, simulator/harness,
simulator/basics.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import create_app
    from .assembly import build
    from .harness.fluent_oms import FluentOms
    from .harness.fluent_server import FluentServer
    from .harness.starting import start
    from .harness.worlds_of_tests import MakeFluentOms
    from .settings import Settings
    from .simulator import Simulator

    __version__: str

__all__ = [
    "FluentOms",
    "FluentServer",
    "MakeFluentOms",
    "Settings",
    "Simulator",
    "__version__",
    "build",
    "create_app",
    "start",
]

_HOMES = {
    "FluentOms": "harness.fluent_oms",
    "FluentServer": "harness.fluent_server",
    "MakeFluentOms": "harness.worlds_of_tests",
    "Settings": "settings",
    "Simulator": "simulator",
    "build": "assembly",
    "create_app": "app",
    "start": "harness.starting",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the command line does not wait for Flask."""
    if name == "__version__":
        from .release import version

        return version()
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module("." + _HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
