"""Seed data: what a simulator starts with, or is given while it works.

Stock is a batch payload of any length, or CSV with a position on each line; beside it JSON may list
what mutations make, each as the input of its mutation.
"""

import stat
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from ..behaviour import Behaviour
from ..domain.inventory import MOST_LINES
from ..domain.jobs import INVENTORY_CHANGED, InventoryBatch, InventoryRecord
from ..domain.refs import CatalogueRef, default_catalogue
from ..errors import ApiError, Fault
from ..settings import Settings
from .parsing import NotJsonError, read_json
from .records import InventoryRecordReader
from .requests import Requests
from .schemas import Schemas
from .uploads import CSV, UploadKind, read_upload
from .uploads import MOST_LINES as MOST_LINES_AT_ONCE

MOST_LISTED = 10
MOST_BYTES = 1024**3
"""Of seed data; ten million positions, which are the most that are kept, take less."""


class SeedError(ValueError):
    """The seed data cannot be used; the message says what is wrong with it."""


Records = dict[CatalogueRef, list[InventoryRecord | None]]

LISTED = (
    "networks",
    "locations",
    "catalogues",
    "virtualCatalogues",
    "controlGroups",
    "controls",
    "settings",
)
"""What a document may list beside its records, in the order in which it is made."""


class SeedDocument(NamedTuple):
    """Seed data as it was written: records, and by its name what else is listed.

    `lines` are those of CSV that the records stand in; `first` is the number of the first record,
    where there are others before it in a file that is sent in parts.
    """

    entities: list[Any]
    listed: Mapping[str, list[Any]] = MappingProxyType({})
    lines: Sequence[int] = ()
    first: int = 0

    def place(self, at: int) -> str:
        """Where a record stands in its file, in words."""
        return f"line {self.lines[at]}" if self.lines else f"record {self.first + at}"


class Seed(NamedTuple):
    """Seed data that has been read: records by catalogue, and what else is to be made."""

    records: Records
    listed: Mapping[str, list[Any]]


NO_SEED = Seed({}, {})
"""Before any has been read."""


def read_seed(settings: Settings, schemas: Schemas, behaviour: Behaviour) -> Seed:
    """What to start with; raises SeedError."""
    document = _document(settings.seed_data)
    return Seed(read_records(document, settings, schemas, behaviour), document.listed)


def read_records(
    document: SeedDocument, settings: Settings, schemas: Schemas, behaviour: Behaviour
) -> Records:
    """Records by catalogue; those that name no retailer go to the first one.

    Raises SeedError.
    """
    by_retailer: dict[str, list[Any]] = defaultdict(list)
    lines: dict[str, list[int]] = defaultdict(list)
    for line, entity in enumerate(document.entities):
        retailer_id = settings.retailers[0]
        if isinstance(entity, dict):
            retailer_id = str(entity.get("retailerId", retailer_id))
        if retailer_id not in settings.retailers:
            raise SeedError(
                f"{document.place(line)} of the seed data at /retailerId: found {retailer_id}, "
                f"expected one of {', '.join(settings.retailers)}"
            )
        by_retailer[retailer_id].append(entity)
        lines[retailer_id].append(line)
    reader = InventoryRecordReader(Requests(schemas, behaviour), behaviour)
    records: Records = {}
    for retailer_id, entities in by_retailer.items():
        catalogue = default_catalogue(retailer_id)
        read = reader.read(entities, retailer_id, catalogue, schema_holds=False)
        if read.faults:
            told = [
                f"{document.place(lines[retailer_id][at])}: {_in_record(faults[0], at).message}"
                for at, faults in list(read.faults.items())[:MOST_LISTED]
            ]
            raise SeedError(
                f"{len(read.faults):,} records of the seed data cannot be used: {'; '.join(told)}"
            )
        records[catalogue] = read.records
    return records


def _in_record(fault: Fault, at: int) -> Fault:
    """A fault by its place in its record: the records may be a part of a file."""
    return replace(fault, pointer=fault.pointer.removeprefix(f"/entities/{at}"))


def seed_batches(records: Records, at: int) -> list[InventoryBatch]:
    """The seed as batches with number 0, which no sender's batch has."""
    return [
        InventoryBatch(
            *(0, 0, catalogue, "seed", INVENTORY_CHANGED, at, lines),
            is_plain=all(record is not None and record.is_plain for record in lines),
        )
        for catalogue, lines in records.items()
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


def _document(seed_data: str) -> SeedDocument:
    if seed_data == "none":
        return SeedDocument([])
    try:
        text = _demo() if seed_data == "demo" else _read(Path(seed_data))
    except OSError as error:
        raise SeedError(f"the seed data {seed_data} cannot be read: {error.strerror}") from None
    if seed_data.lower().endswith(".csv"):
        return csv_document(text, f"the seed data {seed_data}")
    return json_document(text, f"the seed data {seed_data}")


def json_document(text: bytes, name: str) -> SeedDocument:
    """What JSON says, a payload with `entities` or an array of records; raises SeedError."""
    try:
        document = read_json(text)
    except NotJsonError as fault:
        raise SeedError(fault.told_of(name)) from None
    listed: dict[str, list[Any]] = {}
    entities = document
    if isinstance(document, dict):
        for kind in LISTED:
            if kind in document:
                listed[kind] = document[kind]
                if not isinstance(listed[kind], list):
                    raise SeedError(f"{name}: /{kind} is no list")
        entities = document.get("entities", [] if listed else None)
    if not isinstance(entities, list) or len(entities) > MOST_LINES:
        raise SeedError(
            f"{name} holds no list of records: expected a batch payload with "
            "`entities`, or an array of records"
        )
    return SeedDocument(entities, listed)


def csv_document(text: bytes, name: str, first_line: int = 2) -> SeedDocument:
    """What CSV says, with the header productRef,locationRef,onHand; raises SeedError.

    `first_line` is the number in its file of the first line with data.
    """
    header, _, rest = text.partition(b"\n")
    lines = rest.split(b"\n")
    entities: list[Any] = []
    numbers = array("q")
    for start in range(0, len(lines), MOST_LINES_AT_ONCE):
        part = b"\n".join([header, *lines[start : start + MOST_LINES_AT_ONCE]])
        try:
            upload = read_upload(part, CSV, start + first_line)
        except ApiError as refusal:
            told = " ".join(reason.message for reason in refusal.reasons)
            raise SeedError(f"{name}: {told}") from None
        if upload.kind is UploadKind.DELTAS:
            raise SeedError(f"{name} lists deltas: expected productRef,locationRef,onHand")
        if upload.faults:
            told = "; ".join(
                f"line {fault.line} column {fault.column}: found {fault.found}, expected"
                f" {fault.expected}"
                for fault in upload.faults[:MOST_LISTED]
            )
            raise SeedError(f"{name} cannot be used: {told}")
        entities += [
            {
                "skuRef": row.product_ref,
                "locationRef": row.location_ref,
                "qty": row.amount,
                "correctedQty": 0,
            }
            for row in upload.rows
        ]
        numbers.extend(row.line for row in upload.rows)
    return SeedDocument(entities, lines=numbers)
