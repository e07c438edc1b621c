"""Files and pipes that commands read; what is not UTF-8 is told as it is of payloads, by each."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support import first_at_once
from .conftest import Server, serving
from .helpers.command_line import fluent_sim

CSV = "productRef,locationRef,onHand\nGröße,LOC_1,5\n"
NDJSON = '{"productRef": "Größe", "locationRef": "LOC_1", "onHand": 5}\n'
JSON = '[\n{"Größe": 1}]'
UTF_16 = "found text that looks like UTF-16"
MARK = "found a byte order mark"
READS_AS_THE_SERVER = [
    ("seed", "FILE.json"),
    ("faults", "arm", "FILE.json"),
    ("namespaces", "make", "read", "--faults", "FILE.json"),
    ("verify", "FILE.json"),
]
READS_JSON = [
    *READS_AS_THE_SERVER,
    ("load", "compare", "FILE.json", "FILE.json"),
    ("explore", "replay", "FILE.json"),
]
READS_LINES = [
    ("reconcile", "FILE.csv"),
    ("seed", "FILE.csv"),
    ("run", "--verify", "reconciled", "--expect", "FILE.csv", "--", "true"),
]
RUNS_ITS_OWN = ("load", "explore", "run")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--seed-data", "none") as server:
        yield server


def reading(
    server: Server, folder: Path, words: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """What becomes of a command that reads a file of this folder."""
    where = () if words[0] in RUNS_ITS_OWN else ("--url", server.url)
    return fluent_sim(*words, *where, cwd=folder)


@pytest.mark.parametrize("words", READS_JSON, ids=" ".join)
@pytest.mark.parametrize(
    ("encoding", "told"),
    first_at_once(
        [
            ("utf-16", f"{UTF_16} at line 1 column 1. Expected UTF-8"),
            ("utf-8-sig", f"{MARK} at line 1 column 1. Expected UTF-8 without one"),
            ("latin-1", "found byte 0xF6 at line 2 column 5. Expected UTF-8"),
        ]
    ),
)
def test_json_in_another_encoding_is_told_as_that(
    server: Server, tmp_path: Path, words: tuple[str, ...], encoding: str, told: str
) -> None:
    (tmp_path / "FILE.json").write_bytes(JSON.encode(encoding))

    done = reading(server, tmp_path, words)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    if words in READS_AS_THE_SERVER:
        assert "is not JSON to be used: " in done.stderr
        assert f"{told}." in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", READS_AS_THE_SERVER, ids=" ".join)
def test_json_that_a_parser_takes_is_told_as_the_server_tells_a_body(
    server: Server, tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "FILE.json").write_bytes(b'{"a": NaN}')

    done = reading(server, tmp_path, words)

    assert (done.returncode, done.stdout) == (2, "")
    assert "is not JSON to be used: " in done.stderr
    assert "at /a found NaN, expected a number that is finite" in done.stderr


@pytest.mark.parametrize(
    ("words", "text", "encoding"),
    first_at_once(
        [
            (words, text, encoding)
            for words in READS_LINES
            for text in (CSV, NDJSON)
            for encoding in ("utf-16", "utf-16-le")
        ]
    ),
    ids=str,
)
def test_lines_in_another_encoding_are_told_as_that(
    server: Server, tmp_path: Path, words: tuple[str, ...], text: str, encoding: str
) -> None:
    (tmp_path / "FILE.csv").write_bytes(text.encode(encoding))

    done = reading(server, tmp_path, words)

    assert done.returncode == 2
    assert f"{UTF_16} at line 1 column 1. Expected UTF-8." in done.stdout + done.stderr


@pytest.mark.parametrize("lines", ["\ufeff" + NDJSON, NDJSON + "\ufeff" + NDJSON])
def test_a_mark_before_a_line_of_json_is_told_as_that(
    server: Server, tmp_path: Path, lines: str
) -> None:
    (tmp_path / "stock.ndjson").write_text(lines, encoding="utf-8")

    done = fluent_sim("reconcile", "stock.ndjson", "--url", server.url, cwd=tmp_path)

    assert done.returncode == 2
    assert f"{MARK} expected UTF-8 without one" in " ".join(done.stdout.split())


def test_a_mark_before_a_header_is_passed_over_as_spreadsheets_write_it(
    server: Server, tmp_path: Path
) -> None:
    (tmp_path / "stock.csv").write_text(CSV, encoding="utf-8-sig")

    done = fluent_sim("seed", "stock.csv", "--url", server.url, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "1 record\n")


@pytest.mark.parametrize(
    "piped",
    first_at_once(
        [
            "\nproductRef,locationRef,onHand\nPIPED,LOC_1,5\n",
            '\n [{"skuRef": "PIPED", "locationRef": "LOC_1", "qty": 5, "correctedQty": 0}]',
            '{"entities": [{"skuRef": "PIPED", "locationRef": "LOC_1", "qty": 5}]}',
        ]
    ),
)
def test_stock_is_added_from_a_pipe_in_either_form(server: Server, piped: str) -> None:
    done = fluent_sim("seed", "-", "--url", server.url, stdin=None, input=piped)

    assert (done.returncode, done.stdout, done.stderr) == (0, "1 record\n", "")
    assert "5  PIPED:LOC_1:DEFAULT" in fluent_sim("stock", "PIPED", "--url", server.url).stdout
