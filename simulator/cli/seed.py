"""`fluent-sim seed`: give a running simulator stock, and what else its account has."""

from __future__ import annotations

import codecs
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO, cast

import click
import orjson

from ..client.upload_parts import CSV, MOST_BYTES, upload_parts
from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from .control_api import ControlApi, simulator_options
from .given_documents import document_in

PATH = "/__admin/seed"
MOST_RECORDS = 1_000
"""In one call, whose body has at most a mebibyte: see MOST_BYTES."""
MOST_IN_MEMORY = 16 * 1024 * 1024
MOST_OF_A_BEGINNING = 4096


@click.command(name="seed")
@click.argument("file", type=click.File("rb"))
@simulator_options
def command(file: BinaryIO, url: str, token: str) -> None:
    """Add what a FILE holds to a running simulator; - is standard input.

    CSV has the header productRef,locationRef,onHand. JSON is an array of a batch's records, or an
    object with `entities` and lists of `locations`, `networks`, `controlGroups`, `controls`,
    `catalogues`, `virtualCatalogues` and `settings`, each the input of the mutation that makes one.
    """
    tell_unknown(ENV_PREFIX, variables())
    api = ControlApi("seed", url, token)
    counts: dict[str, int] = {}
    with _known(file) as (stream, is_csv):
        answers = _send_lines(api, stream) if is_csv else _send_lists(api, stream.read())
        for answer in answers:
            for kind, count in answer.items():
                if isinstance(count, int):
                    counts[kind] = counts.get(kind, 0) + count
    click.echo(", ".join(_counted(kind, count) for kind, count in counts.items()) or "Nothing.")


def _counted(kind: str, count: int) -> str:
    return f"{count:,} {kind.removesuffix('s') if count == 1 else kind}"


@contextmanager
def _known(file: BinaryIO) -> Iterator[tuple[BinaryIO, bool]]:
    """What is to be sent, and whether it is CSV: the name says so, or the first character."""
    if file.name.lower().endswith((".csv", ".json")):
        yield file, file.name.lower().endswith(".csv")
        return
    with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY) as kept:  # a pipe is read once
        shutil.copyfileobj(file, kept)
        kept.seek(0)
        beginning = kept.read(MOST_OF_A_BEGINNING).removeprefix(codecs.BOM_UTF8).lstrip()
        kept.seek(0)
        yield cast(BinaryIO, kept), not beginning.startswith((b"{", b"["))


def _send_lines(api: ControlApi, stream: BinaryIO) -> Iterator[Mapping[str, object]]:
    for part in upload_parts(stream):
        path = f"{PATH}?line={part.first_line}"
        yield api.document("POST", path, part.body, content_type=CSV)


def _send_lists(api: ControlApi, text: bytes) -> Iterator[Mapping[str, object]]:
    document = document_in(text, "the file", api)
    lists = dict(document) if isinstance(document, dict) else {"entities": document}
    entities = lists.pop("entities", [])
    if not isinstance(entities, list):
        raise api.refusal("the file holds no list of records.")
    for start, part in _parts([_written(api, record) for record in entities]):
        yield api.document("POST", f"{PATH}?record={start}", part)
    lists = {name: value for name, value in lists.items() if name not in ("action", "entityType")}
    if lists:
        yield api.document("POST", PATH, _written(api, lists))


def _written(api: ControlApi, value: object) -> bytes:
    try:
        return orjson.dumps(value)
    except TypeError:  # 254 levels are written, and 1,024 are read
        raise api.refusal("the file nests deeper than any that can be used.") from None


def _parts(records: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Bodies with as many records as a call takes, each with the place of the first."""
    start = size = 0
    for place, record in enumerate(records):
        if place > start and (place - start == MOST_RECORDS or size + len(record) > MOST_BYTES):
            yield start, _body(records[start:place])
            start, size = place, 0
        size += len(record) + 1
    if records:
        yield start, _body(records[start:])


def _body(records: list[bytes]) -> bytes:
    return b'{"entities":[' + b",".join(records) + b"]}"
