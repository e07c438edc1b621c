"""The API's description, as schemathesis reads it."""

from __future__ import annotations

import schemathesis
from fluent_oms_simulator.contracts.running.options import INTENSITY, Intensity
from fluent_oms_simulator.intake.api_description import bundled
from schemathesis.schemas import BaseSchema


def described(*, only_valid: bool = False) -> BaseSchema:
    """Every operation, to be tried as hard as this run wants, also with data that does not fit."""
    intensity = INTENSITY.get(Intensity())
    config = schemathesis.Config.from_dict(
        {
            "seed": intensity.seed,
            "generation": {
                "max-examples": intensity.max_examples,
                "database": "none",
                "mode": "positive" if only_valid else "all",
                "with-security-parameters": False,
                "allow-x00": True,
            },
            "phases": {
                # A method that no operation has might do anything on another server.
                "coverage": {"unexpected-methods": []},
                "stateful": {"inference": {"algorithms": []}},
            },
        }
    )
    schema: BaseSchema = schemathesis.openapi.from_dict(bundled(), config=config)
    return schema
