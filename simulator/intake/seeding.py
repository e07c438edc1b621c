"""Seed data: a batch payload of any length that the catalogue starts with."""

import stat
from collections import defaultdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..behaviour import Behaviour
from ..domain.inventory import MOST_LINES
from ..domain.jobs import INVENTORY_CHANGED, InventoryBatch, InventoryRecord
from ..domain.refs import CatalogueRef, default_catalogue
from ..settings import Settings
from .parsing import NotJsonError, read_json
from .records import InventoryRecordReader
from .requests import Requests
from .schemas import Schemas

MOST_LISTED = 10
MOST_BYTES = 1024**3
"""Of seed data; ten million positions, which are the most that are kept, take less."""


class SeedError(ValueError):
    """The seed data cannot be used; the message says what is wrong with it."""


Seed = dict[CatalogueRef, list[InventoryRecord | None]]


def read_seed(settings: Settings, schemas: Schemas, behaviour: Behaviour) -> Seed:
    """The records to start with, by catalogue; those that name no retailer go to the first one.

    Raises SeedError.
    """
    by_retailer: dict[str, list[Any]] = defaultdict(list)
    lines: dict[str, list[int]] = defaultdict(list)
    for line, entity in enumerate(_entities(settings.seed_data)):
        retailer_id = settings.retailers[0]
        if isinstance(entity, dict):
            retailer_id = str(entity.get("retailerId", retailer_id))
        if retailer_id not in settings.retailers:
            raise SeedError(
                f"seed data /entities/{line}/retailerId: found {retailer_id}, "
                f"expected one of {', '.join(settings.retailers)}"
            )
        by_retailer[retailer_id].append(entity)
        lines[retailer_id].append(line)
    reader = InventoryRecordReader(Requests(schemas, behaviour), behaviour)
    seed: Seed = {}
    for retailer_id, entities in by_retailer.items():
        catalogue = default_catalogue(retailer_id)
        read = reader.read(entities, retailer_id, catalogue, schema_holds=False)
        if read.faults:
            told = [
                f"record {lines[retailer_id][at]}: {faults[0].message}"
                for at, faults in list(read.faults.items())[:MOST_LISTED]
            ]
            raise SeedError(
                f"{len(read.faults):,} records of the seed data cannot be used: {'; '.join(told)}"
            )
        seed[catalogue] = read.records
    return seed


def seed_batches(seed: Seed, at: int) -> list[InventoryBatch]:
    """The seed as batches with number 0, which no sender's batch has."""
    return [
        InventoryBatch(
            *(0, 0, catalogue, "seed", INVENTORY_CHANGED, at, records),
            is_plain=all(record is not None and record.is_plain for record in records),
        )
        for catalogue, records in seed.items()
    ]


def _read(path: Path) -> bytes:
    """What a file holds; raises OSError, and SeedError for what may have no end.

    It is read when it is checked and again when the server starts, which a pipe does not allow.
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise SeedError(f"the seed data {path} is a pipe or a device: expected a file")
    with path.open("rb") as stream:
        text = stream.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise SeedError(f"the seed data {path} has more than {MOST_BYTES:,} bytes")
    return text


@cache  # a server may have many simulators
def _demo() -> bytes:
    return resources.files(__package__ or "").joinpath("demo_catalogue.json").read_bytes()


def _entities(seed_data: str) -> list[Any]:
    if seed_data == "none":
        return []
    try:
        text = _demo() if seed_data == "demo" else _read(Path(seed_data))
        document = read_json(text)
    except OSError as error:
        raise SeedError(f"the seed data {seed_data} cannot be read: {error.strerror}") from None
    except NotJsonError as fault:
        raise SeedError(f"the seed data {seed_data} is not JSON to be used: {fault}") from None
    entities = document.get("entities") if isinstance(document, dict) else document
    if not isinstance(entities, list) or len(entities) > MOST_LINES:
        raise SeedError(
            f"the seed data {seed_data} holds no list of records: expected a batch payload with "
            "`entities`, or an array of records"
        )
    return entities
