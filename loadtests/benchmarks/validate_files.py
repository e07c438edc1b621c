"""Records a second through `fluent-sim validate`, beside parsing the same bytes alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
from fluent_oms_simulator.contracts.validation.rule_choice import choose
from fluent_oms_simulator.contracts.validation.run import Validation, ValidationOptions
from fluent_oms_simulator.contracts.validation.sources import find_sources

from .bench_payloads import BATCH_SIZE, full_load
from .figures import Report, ratio

QUESTION = "records a second checked, from the file to the report"
BATCHES = 20
PRODUCTS = BATCHES * BATCH_SIZE // 100
BATCH_FILES, LINES, ARRAY = "a file a batch", "a record a line", "one array"


def run(*, quick: bool) -> Report:
    """Check the same hundred thousand valid records in three layouts."""
    report = Report("validate_files", QUESTION)
    checked: dict[str, list[float]] = {}
    parsed: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        layouts = write_layouts(Path(folder))
        for _ in range(2 if quick else 7):
            for layout, paths in layouts.items():
                parsed.setdefault(layout, []).append(rate_of(parse, layout, paths))
                checked.setdefault(layout, []).append(rate_of(check, layout, paths))
    for layout in layouts:
        alone = report.add(f"parsing alone: {layout}", "records/s", parsed[layout])
        sample = report.add(f"validate: {layout}", "records/s", checked[layout])
        report.aim(f"validate: {layout}", sample.median, "at least", 100_000, " records/s")
        times = [ratio(alone.median, rate) for rate in checked[layout]]
        report.add(f"time over parsing alone: {layout}", "times", times)
    report.notes.append("Valid records, every rule, one core; parsing alone is orjson.")
    return report


def write_layouts(folder: Path) -> dict[str, list[Path]]:
    """The records as batches, as lines and as one array; which files each layout has."""
    bodies = list(full_load(products=PRODUCTS, locations=100, seed=1))
    batches = [folder / f"batch_{number:02}.json" for number in range(len(bodies))]
    for path, body in zip(batches, bodies, strict=True):
        path.write_bytes(body)
    records = [record for body in bodies for record in orjson.loads(body)["entities"]]
    lines, array = folder / "records.ndjson", folder / "records.json"
    lines.write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    array.write_bytes(orjson.dumps(records))
    return {BATCH_FILES: batches, LINES: [lines], ARRAY: [array]}


def rate_of(act: Callable[[str, list[Path]], None], layout: str, paths: list[Path]) -> float:
    """Records a second of doing something with the files of a layout."""
    began = time.perf_counter()
    act(layout, paths)
    return BATCHES * BATCH_SIZE / (time.perf_counter() - began)


def parse(layout: str, paths: list[Path]) -> None:
    """Read the files, and parse them as whole documents or line by line."""
    for path in paths:
        data = path.read_bytes()
        if layout == LINES:
            for line in data.splitlines():
                orjson.loads(line)
        else:
            orjson.loads(data)


def check(_: str, paths: list[Path]) -> None:
    """Validate the files as the command does; RuntimeError if anything is found."""
    outcome = Validation(ValidationOptions(choose())).run(list(find_sources(map(str, paths))))
    if outcome.problems or outcome.report.findings:
        raise RuntimeError(f"{outcome.problems[:3]} {outcome.report.findings[:3]}")
