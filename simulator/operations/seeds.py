"""Seed data for a simulator at work."""

from collections.abc import Mapping
from typing import Protocol

from ..behaviour import Behaviour
from ..errors import Fault, api_error, refused
from ..intake.parsing import parse
from ..intake.requests import Requests
from ..intake.schemas import Schemas
from ..intake.seeding import LISTED, Seed, SeedDocument, SeedError, csv_document, read_records
from ..settings import Settings
from .replies import Reply
from .start_and_count import whole_number

THIS = "the body"
"""What is sent, in sentences about it."""


class TakesSeeds(Protocol):
    """A simulator that can be given more."""

    @property
    def settings(self) -> Settings:
        """How it is set up."""
        ...

    @property
    def schemas(self) -> Schemas:
        """What payloads are held against."""
        ...

    @property
    def behaviour(self) -> Behaviour:
        """The switches in force."""
        ...

    def add(self, seed: Seed) -> dict[str, int]:
        """Have what seed data holds, ahead of all that waits."""
        ...


class SeedOperations:
    """Gives a simulator stock, and what else its account has."""

    def __init__(self, simulator: TakesSeeds) -> None:
        self._simulator = simulator
        self._requests = Requests(simulator.schemas, simulator.behaviour)

    def add(self, body: bytes, query: Mapping[str, str], *, is_csv: bool) -> Reply:
        """POST /__admin/seed: answered once it is there.

        Of a part of a file, `line` is the number of its first line with data, or `record` that of
        its first record: what is wrong is told by its place in the file. Raises ApiError (400)
        where a record cannot be used, and nothing is added then; or where a mutation refuses
        something of what is listed, which then stands as it says.
        """
        simulator = self._simulator
        line, record = whole_number(query, "line", 2, 1), whole_number(query, "record", 0, 0)
        try:
            document = csv_document(body, THIS, line) if is_csv else self._listed(body)
            records = read_records(
                document._replace(first=record),
                simulator.settings,
                simulator.schemas,
                simulator.behaviour,
            )
            made = simulator.add(Seed(records, document.listed))
        except SeedError as fault:
            raise api_error(400, f"{str(fault)[0].upper()}{str(fault)[1:]}") from None
        return Reply({"status": "seeded", "records": len(document.entities), **made})

    def _listed(self, body: bytes) -> SeedDocument:
        fields = self._requests.sound("seed", parse(body), body)
        if not fields:
            raise refused([Fault("", "nothing", f"entities, or one of {', '.join(LISTED)}")])
        listed = {kind: fields[kind] for kind in LISTED if kind in fields}
        return SeedDocument(fields.get("entities", []), listed)
