"""Files as they come: packed, broken, in other encodings, in folders, or no files at all."""

import gzip
import os
import re
import sys
import threading
from importlib import import_module
from pathlib import Path

import pytest
from fluent_oms_simulator.contracts.validation.run import COST_OF_FINDING, LEAST_OF_ROW

from ..support import batch, record
from .helpers.validating import Found, findings, lines, report_of, validate, write

command = import_module("fluent_oms_simulator.cli.validate")
ROWS = [record(f"P{number}", "L1", number) for number in range(50)]
GOOD = batch(*ROWS)
unix = pytest.mark.skipif(sys.platform == "win32", reason="needs fifos and links")


@pytest.mark.parametrize("name", ["a.json.gz", "a.json", "a.bin"])
def test_gzip_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, gzip.compress(lines(*ROWS).encode()))

    assert report_of(path)["counts"]["records"] == 50


def test_gzip_of_several_members_is_read_to_its_end() -> None:
    members = [gzip.compress(lines(row).encode()) for row in ROWS]

    assert report_of("-", stdin=b"".join(members))["counts"]["records"] == 50


@pytest.mark.parametrize("cut", [3, 12, 60, -4])
def test_gzip_that_ends_early_is_told(tmp_path: Path, cut: int) -> None:
    path = write(tmp_path / "a.json.gz", gzip.compress(lines(*ROWS).encode())[:cut])

    assert [found.rule for found in findings(path)] == ["FOMS-F007"]
    assert validate(path).exit_code == 1


def test_gzip_with_a_flipped_bit_is_told() -> None:
    packed = bytearray(gzip.compress(lines(*ROWS).encode()))
    packed[len(packed) // 2] ^= 16

    assert "FOMS-F007" in {found.rule for found in findings("-", stdin=bytes(packed))}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Found("FOMS-F003", 1, 1, "")),
        (b" \n\t", Found("FOMS-F003", 1, 1, "")),
        (b'{"name":\n  x}', Found("FOMS-F003", 2, 3, "")),
        ('{"é":"日本", x}'.encode(), Found("FOMS-F003", 1, 12, "")),
        (b"[1,\n2", Found("FOMS-F003", 2, 2, "")),
        ("{}".encode("utf-16"), Found("FOMS-F001", 1, 1, "")),
        ("{}".encode("utf-32-be"), Found("FOMS-F001", 1, 1, "")),
        ('{\n"é":"'.encode() + b'\xe9"}', Found("FOMS-F001", 2, 6, "")),
        (b'{"a":\n [1, NaN]}', Found("FOMS-F004", 2, 6, "/a/1")),
        (b'{"a":-Infinity}', Found("FOMS-F004", 1, 6, "/a")),
        (b'{"a":1e999}', Found("FOMS-F004", 1, 6, "/a")),
        (b'{"a":"\\ud800"}', Found("FOMS-F004", 1, 6, "/a")),
        (b"[" * 300 + b"]" * 300, Found("FOMS-F006", 1, 1, "")),
        (b"[" * 5000 + b"]" * 5000, Found("FOMS-F003", 1, 1026, "")),
    ],
)
def test_what_is_no_json_is_told_with_its_place(
    tmp_path: Path, content: bytes, expected: Found
) -> None:
    path = write(tmp_path / "a.json", content)

    assert findings(path) == [expected]
    assert validate(path).exit_code == 1


def test_a_repeated_key_is_found_where_it_stands_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", '{"skuRef":"P","locationRef":"L",\n"qty":1,\n"qty":2}')

    assert findings(path) == [Found("FOMS-F005", 3, 7, "/qty")]


def test_a_repeated_key_is_found_in_a_line_among_good_ones(tmp_path: Path) -> None:
    broken = '{"skuRef":"P","locationRef":"L","qty":1,"qt\\u0079":2}\n'
    path = write(tmp_path / "a.json", lines(*ROWS) + broken + lines(ROWS[0]))

    column = broken.index(":2") + 2
    assert Found("FOMS-F005", 51, column, "/qty") in findings("--select", "FOMS-F", path)


def test_a_byte_order_mark_is_an_error_and_counts_as_no_column(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", b'\xef\xbb\xbf{"skuRef":"P","locationRef":"L","qty":"x"}')

    bom, quantity = findings("--select", "FOMS-B000", path)

    assert bom == Found("FOMS-F002", 1, 1, "")
    assert (quantity.line, quantity.column) == (1, 39)


def test_one_broken_line_leaves_the_others_to_be_checked(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", lines(*ROWS[:3]) + '{"skuRef":}\n' + lines(*ROWS[3:]))

    report = report_of(path)

    assert [row["rule"] for row in report["findings"]] == ["FOMS-F003"]
    assert report["findings"][0]["place"] == {"source": str(path), "line": 4, "column": 11}
    assert report["counts"]["records"] == 50


@pytest.mark.parametrize("end", ["\r\n", "\n\n\n", "\n \t\n"])
def test_lines_may_end_as_they_like(tmp_path: Path, end: str) -> None:
    text = lines(*ROWS, record("P", "L", "x")).replace("\n", end)
    path = write(tmp_path / "a.ndjson", text)

    (found,) = findings(path)

    assert found.line == 1 + 50 * end.count("\n")
    assert report_of(path)["counts"]["records"] == 51


def test_a_folder_is_read_with_what_is_below_it(tmp_path: Path) -> None:
    for name in ("b.json", "a.ndjson", "deep/er/c.jsonl", "d.json.gz", ".hidden/e.json", "f.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, gzip.compress(lines(*ROWS).encode()) if ".gz" in name else lines(*ROWS))

    names = [Path(check["name"]).name for check in report_of(tmp_path)["checks"]]

    assert names == ["a.ndjson", "b.json", "d.json.gz", "c.jsonl"]


def test_a_pattern_stands_for_its_files_and_no_file_is_read_twice(tmp_path: Path) -> None:
    for name in ("a1.json", "a2.json", "b1.json"):
        write(tmp_path / name, record(name, "L1", 1))

    counts = report_of(tmp_path / "a*.json", tmp_path / "a1.json")["counts"]

    assert counts == {"records": 2, "files": 2}


def test_paths_that_cannot_be_read_end_with_2_though_the_others_were_checked(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.json", batch(record("P", "L", "x")))

    result = validate(tmp_path / "missing.json", path)

    assert result.exit_code == 2
    assert "missing.json cannot be read: No such file" in result.stderr
    assert "/entities/0/qty" in result.stdout


@pytest.mark.parametrize("path", ["no/such*.json", "bad\0name", "x" * 5000])
def test_a_path_that_stands_for_nothing_is_told(path: str) -> None:
    result = validate(path)

    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


def test_a_folder_without_payload_files_is_told(tmp_path: Path) -> None:
    write(tmp_path / "readme.txt", "{}")

    result = validate(tmp_path)

    assert (result.exit_code, "no payload files" in result.stderr) == (2, True)


@unix
def test_links_that_lead_nowhere_and_fifos_are_told_and_links_to_folders_left_alone(
    tmp_path: Path,
) -> None:
    write(tmp_path / "a.json", GOOD)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert validate(tmp_path).exit_code == 0
    assert "pipe.json was passed over" in validate(tmp_path).stdout

    (tmp_path / "round.json").symlink_to(tmp_path / "round.json")
    result = validate(tmp_path)

    assert result.exit_code == 2
    assert "round.json cannot be read: Too many levels of symbolic links" in result.stderr


@unix
def test_a_fifo_that_is_named_is_read_like_standard_input(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(lines(*ROWS).encode(),))
    writer.start()

    report = report_of(pipe)

    writer.join()
    assert report["counts"]["records"] == 50


@unix
@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", GOOD)
    path.chmod(0)

    result = validate(path)

    assert (result.exit_code, "Permission denied" in result.stderr) == (2, True)


def test_a_small_file_that_unpacks_into_very_much_is_checked_as_far_as_the_budget_goes(
    tmp_path: Path,
) -> None:
    row = lines(record("P", "L1", 1)).strip().encode() + b" " * 60 + b"\n"
    path = write(tmp_path / "a.ndjson.gz", gzip.compress(row * 200_000))
    assert path.stat().st_size < 200_000
    outcome = validate("--max-bytes", 10_000_000, path)

    assert outcome.exit_code == 2
    assert f"{path} was not checked to its end: 10,000,000 bytes, unpacked" in outcome.stderr
    assert "--max-bytes" in outcome.stderr
    report = report_of("--max-bytes", 10_000_000, path)
    assert 0 < report["counts"]["records"] < 200_000


def test_the_budget_is_for_all_files_together(tmp_path: Path) -> None:
    first, second = (write(tmp_path / name, lines(*ROWS).encode()) for name in ("a", "b"))
    size = first.stat().st_size

    assert validate("--max-bytes", 2 * size, first, second).exit_code == 0
    outcome = validate("--max-bytes", 2 * size - 1, first, second)
    assert outcome.exit_code == 2
    assert str(second) in outcome.stderr
    assert str(first) not in outcome.stderr


def test_rows_of_a_few_bytes_and_findings_that_are_only_counted_take_from_the_budget(
    tmp_path: Path,
) -> None:
    path = write(tmp_path / "a.ndjson.gz", gzip.compress(b"{}\n" * 50_000))
    rows = ("--ignore", "FOMS-F009", "--max-bytes", 50_000 * LEAST_OF_ROW)
    found = ("--max-findings", 10, "--max-bytes", 1_000 * COST_OF_FINDING + 50_000 * LEAST_OF_ROW)

    assert "was not checked to its end" not in validate(*rows, path).stderr
    assert "was not checked to its end" in validate(*rows[:3], int(rows[3]) - 1, path).stderr
    outcome = validate(*found, path)
    assert outcome.exit_code == 2
    assert f"a row takes {LEAST_OF_ROW} at least" in outcome.stderr
    left_out = int(re.search(r"([0-9,]+) more findings", outcome.stdout)[1].replace(",", ""))  # type: ignore[index]
    assert 1_000 <= left_out < 2_100


@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.json"])
def test_where_nobody_sits_at_a_terminal_lines_tell_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(command, "SECONDS_BETWEEN_LINES", -1.0)
    rows = b"{}\n" * 7_000
    path = write(tmp_path / name, gzip.compress(rows) if name.endswith("gz") else rows)

    outcome = validate(path)

    told = [line for line in outcome.stderr.splitlines() if line.startswith("checking: ")]
    assert told[-1].endswith("21,000 unpacked, 7,000 rows")
    assert f"of {path.stat().st_size:,} bytes read" in told[-1]
    assert "checking" not in outcome.stdout
