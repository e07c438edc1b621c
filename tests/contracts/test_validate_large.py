"""Files too large to be held: read in parts, found fault with as if read whole."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fluent_oms_simulator.contracts.validation import cutting, payload_reader
from fluent_oms_simulator.contracts.validation.chunks import Chunk
from fluent_oms_simulator.contracts.validation.payload_reader import MOST_WHOLE
from fluent_oms_simulator.contracts.validation.run import Validation
from fluent_oms_simulator.domain.jobs import MOST_RECORDS
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support import first_at_once, record
from .helpers.validating import Found, findings, report_of, validate, write

ENVELOPE = '"action":"UPSERT","entityType":"INVENTORY"'
TEXT = json.dumps('é },{ ] [ " \\" , ' + "x" * 900, ensure_ascii=False)
RECORDS = 10_000
BAD = {0: "first", 4_999: "middle", 5_000: "next", RECORDS - 1: "last"}
ONLY = ("--select", "FOMS-B000,FOMS-B010")


def texts(count: int = RECORDS) -> Iterator[str]:
    """Records of a kilobyte that hold all that could be mistaken for an end; a few are bad."""
    for number in range(count):
        quantity = f'"{BAD[number]}"' if number in BAD else number
        yield (
            f'{{"attributes":{{"a":[{{"b":1}},{{"c":[]}}],"text":{TEXT}}},'
            f'"skuRef":"P{number}","locationRef":"L1","qty":{quantity}}}'
        )


def expected(text: str, pointer: Callable[[int], str]) -> list[Found]:
    """Where the bad quantities stand in a text."""
    found = []
    for number, quantity in BAD.items():
        at = text.index(f'"qty":"{quantity}"') + len('"qty":')
        line = text.count("\n", 0, at) + 1
        found.append(Found("FOMS-B000", line, at - text.rfind("\n", 0, at), pointer(number)))
    return found


@pytest.mark.parametrize("between", [",", ",\n", "\n , \r\n"])
def test_a_large_array_is_found_fault_with_in_the_right_places(
    tmp_path: Path, between: str
) -> None:
    text = f" [{between.join(texts())}\n]\n"
    path = write(tmp_path / "a.json", text)

    assert findings(*ONLY, path) == expected(text, lambda number: f"/{number}/qty")
    assert report_of(path)["counts"]["records"] == RECORDS


@pytest.mark.slow
def test_a_large_batch_is_found_fault_with_before_in_and_after_its_records(tmp_path: Path) -> None:
    text = (
        f'{{"source": 5, "meta": ["entities", {{"entities": [1]}}],\n "entities": ['
        f'{",".join(texts())}],\n"entityType": "INVENTORY", "action": "é", \n'
        ' "event": 7}'
    )
    path = write(tmp_path / "a.json", text)

    assert findings(*ONLY, path) == [
        Found("FOMS-B000", 1, 12, "/source"),
        Found("FOMS-B010", 2, 14, "/entities"),
        *expected(text, lambda number: f"/entities/{number}/qty"),
        Found("FOMS-B000", 3, text.splitlines()[2].index('"é"') + 1, "/action"),
        Found("FOMS-B000", 4, 11, "/event"),
    ]
    assert report_of(path)["counts"] == {"batches": 1, "records": RECORDS, "files": 1}


VALUES = st.recursive(
    st.none() | st.integers(-9, 9) | st.text(alphabet='a"\\\\é\n{}[],: ', max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)
ROWS = st.lists(
    VALUES | st.fixed_dictionaries({"skuRef": VALUES, "locationRef": VALUES, "qty": VALUES})
)


@pytest.mark.slow
@settings(max_examples=60)
@given(ROWS, st.sampled_from([None, 1]), st.integers(1, 60), st.booleans())
def test_what_is_read_in_parts_is_found_fault_with_as_if_read_whole(
    rows: list[Any], indent: int | None, size: int, in_batch: bool
) -> None:
    around = {"source": 5, "entityType": "INVENTORY", "entities": rows, "action": "UPSERT"}
    body = json.dumps(around if in_batch else rows, indent=indent, ensure_ascii=False).encode()
    options = ["--select", "FOMS-B000", *([] if in_batch else ["--kind", "records"]), "-"]
    whole = findings(*options, stdin=body)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(payload_reader, "WHOLE", min(size + 80, len(body) - 1))
        patch.setattr(cutting, "BLOCK", size)
        parts = findings(*options, stdin=body)

    assert parts == whole


def test_many_lines_are_found_fault_with_in_the_right_places(tmp_path: Path) -> None:
    text = "\n".join(texts())
    path = write(tmp_path / "a.json", text)

    assert findings(*ONLY, path) == expected(text, lambda _: "/qty")


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text[:-1] + ",]",
        lambda text: text[:-1] + "}",
        lambda text: text[:9_500_000] + text[9_500_000:].replace("},{", "},,{", 1),
        lambda text: text + " x",
        lambda text: text + "\n" * 9_000_000 + "[]",
        lambda text: text.replace('"P7777"', "P7777"),
    ],
    ids=[
        "no end",
        "comma at the end",
        "other bracket",
        "two commas",
        "more",
        "more far behind",
        "no JSON",
    ],
)
def test_a_large_array_that_is_no_json_is_told_once_and_what_stands_before_is_checked(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    path = write(tmp_path / "a.json", change(f"[{','.join(texts())}]"))

    found = findings("--select", "FOMS-B000", path)

    assert [finding.rule for finding in found].count("FOMS-F003") == 1
    assert found[0].pointer == "/0/qty"


@pytest.mark.parametrize("around", [("[", "]"), (f'{{{ENVELOPE},"entities":[', "]}")])
def test_of_a_large_file_with_a_byte_order_mark_that_alone_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, around: tuple[str, str]
) -> None:
    monkeypatch.setattr(payload_reader, "WHOLE", 1_000)
    before, after = around
    rows = ",".join(json.dumps(record(f"P{number}", "L1", 1)) for number in range(50))
    path = write(tmp_path / "a.json", f"\ufeff{before}{rows}{after}")

    report = report_of(path)

    assert [row["rule"] for row in report["findings"]] == ["FOMS-F002"]
    assert report["counts"]["records"] == 50


def test_repeated_keys_in_a_large_batch_are_found(tmp_path: Path) -> None:
    rows = [*texts(), '{"skuRef":"P","locationRef":"L","qty":1,"qty":2}']
    text = f'{{{ENVELOPE},"entities":[{",".join(rows)}],"action":"UPSERT"}}'

    found = findings("--select", "FOMS-F", write(tmp_path / "a.json", text))

    assert [(finding.rule, finding.pointer) for finding in found] == [
        ("FOMS-F005", f"/entities/{RECORDS}/qty"),
        ("FOMS-F005", "/action"),
    ]


def test_a_large_array_of_events_is_checked_event_by_event(tmp_path: Path) -> None:
    event = {"name": "e", "retailerId": "1", "entityType": "T", "attributes": {"a": "x" * 20_000}}
    good = {**event, "entityRef": "R"}
    path = write(tmp_path / "a.json", [*[good] * 500, event])

    (found,) = findings("--select", "FOMS-E000", path)

    assert found.pointer.startswith("/500")
    assert report_of(path)["counts"]["events"] == 501


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"name": "e", "retailerId": "1", "attributes": {"a": "x" * 9_000_000}}),
        json.dumps([record("P", "L", 1, attributes={"a": "x" * 9_000_000})]),
        " " * 9_000_000,
        f'{{{ENVELOPE},"entities":[{{}}],"more":"{"x" * 10_000_000}"}}',
        f'{{"name":"e","retailerId":"1","attributes":{{"a":[{"0," * MOST_WHOLE}0]}}}}',
    ],
    ids=["event", "record", "spaces", "envelope", "very many values"],
)
def test_what_is_too_large_to_be_read_at_once_is_told(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "a.json", content)

    assert "FOMS-F008" in {found.rule for found in findings(path)}
    assert validate(path).exit_code == 1


def test_a_line_too_long_is_passed_over_and_the_others_are_checked(tmp_path: Path) -> None:
    row = json.dumps(record("P", "L", 1))
    long = json.dumps(record("Q", "L", 1, attributes={"a": "x" * 9_000_000}))

    report = report_of(write(tmp_path / "a.ndjson", f"{row}\n{long}\n{row.replace('P', 'R')}"))

    assert [(row["rule"], row["place"]["line"]) for row in report["findings"]] == [("FOMS-F008", 2)]
    assert report["counts"]["records"] == 2


def test_a_gzip_bomb_is_left_after_its_beginning(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000, compresslevel=1)

    (found,) = findings(write(tmp_path / "a.json.gz", bomb))

    assert found.rule in ("FOMS-F001", "FOMS-F008")


@pytest.mark.parametrize(
    ("start", "between", "end"),
    [("[", ",", "]"), ("", "\n", ""), (f'{{{ENVELOPE},"entities":[', ",", "]}")],
    ids=["array", "lines", "batch"],
)
def test_very_many_small_rows_are_judged_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, between: str, end: str
) -> None:
    largest = 0
    judged = Validation._judge

    def measured(run: Validation, chunk: Chunk) -> None:
        nonlocal largest
        largest = max(largest, chunk.rows, len(chunk.document.get("entities", ())))
        judged(run, chunk)

    monkeypatch.setattr(Validation, "_judge", measured)
    monkeypatch.setattr(payload_reader, "MOST_WHOLE", 30_000)
    row = '{"skuRef":"A","locationRef":"L","qty":1}'
    path = write(tmp_path / "a.json", start + between.join([row] * 20_000) + end)

    report = report_of("--select", "FOMS-B000", path)

    assert report["counts"]["records"] == 20_000
    assert report["findings"] == []
    assert 0 < largest <= MOST_RECORDS


MEASURE = """
import atexit, resource, sys
from fluent_oms_simulator.cli import main
show = lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
atexit.register(show)
main()
"""


def peak_kilobytes(megabytes: int, form: str) -> int:
    """The most memory that a process held while it checked so much from standard input."""
    start, between, end = {
        "lines": ("", "\n", "\n"),
        "array": ("[", ",", "]"),
        "batch": (f'{{{ENVELOPE},"entities":[', ",", "]}"),
    }[form]
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE, "validate", *ONLY, "--format", "json", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(start.encode())
        for number, text in enumerate(texts(megabytes * 1024)):
            process.stdin.write(((between if number else "") + text).encode())
        process.stdin.write(end.encode())
        output, errors = process.communicate(timeout=1_200)
    report: dict[str, Any] = json.loads(output)
    assert report["counts"]["records"] == megabytes * 1024
    return int(errors.split()[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak as Linux tells it")
@pytest.mark.parametrize("form", first_at_once(["lines", "array", "batch"]))
@pytest.mark.parametrize(
    "megabytes",
    [pytest.param(40, id="40 MB"), pytest.param(1_000, id="1 GB", marks=pytest.mark.slow)],
)
def test_memory_does_not_grow_with_the_file(form: str, megabytes: int) -> None:
    grown = peak_kilobytes(megabytes, form) - peak_kilobytes(16, form)

    assert grown < 12 * 1024
