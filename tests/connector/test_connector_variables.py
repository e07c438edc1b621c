"""What a connector is told in its environment, and what a file makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fluent_oms_simulator.client.target_server import Target
from fluent_oms_simulator.connector.connector_variables import (
    MOST_BYTES,
    FurtherVariables,
    VariablesError,
    connector_variables,
)

TARGET = Target(
    "http://127.0.0.1:4242/__ns/one",
    account="ACME",
    retailer_id="34",
    client_id="an-id",
    client_secret="a secret",
    username="me",
    password="it's $1 & more",
)


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "names.env"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def filled(folder: Path, text: str) -> dict[str, str]:
    return FurtherVariables(written(folder, text)).filled(connector_variables(TARGET))


def test_a_connector_is_told_where_fluent_is_and_as_whom_to_sign_in() -> None:
    assert connector_variables(TARGET) == {
        "FLUENT_BASE_URL": "http://127.0.0.1:4242/__ns/one",
        "FLUENT_ACCOUNT": "ACME",
        "FLUENT_RETAILER_ID": "34",
        "FLUENT_CLIENT_ID": "an-id",
        "FLUENT_CLIENT_SECRET": "a secret",
        "FLUENT_USERNAME": "me",
        "FLUENT_PASSWORD": "it's $1 & more",
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("OMS=${FLUENT_BASE_URL}", "http://127.0.0.1:4242/__ns/one"),
        ("OMS=$FLUENT_ACCOUNT", "ACME"),
        ("OMS=${FLUENT_BASE_URL}/oauth/token", "http://127.0.0.1:4242/__ns/one/oauth/token"),
        ('export OMS="${FLUENT_USERNAME}:${FLUENT_PASSWORD}"', "me:it's $1 & more"),
        ("  OMS = x", None),
        ("OMS=' as it is '", " as it is "),
        ("OMS=a$$b", "a$b"),
        ("OMS=a=b # c", "a=b # c"),
        ("OMS=", ""),
        ('OMS="one', '"one'),
    ],
)
def test_a_file_gives_other_names_to_what_it_is_told(
    tmp_path: Path, line: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(VariablesError, match="expected NAME=TEXT"):
            filled(tmp_path, line)
    else:
        assert filled(tmp_path, line) == {"OMS": expected}


def test_comments_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    text = "# how ours calls them\r\n\r\n  # and\r\nONE=1\r\nTWO=${FLUENT_RETAILER_ID}\r\n"

    assert filled(tmp_path, text) == {"ONE": "1", "TWO": "34"}
    assert filled(tmp_path, "") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A=1\nwhat is this\n", "names.env line 2: found 'what is this', expected NAME=TEXT"),
        ("1A=1", "line 1: found '1A=1', expected NAME=TEXT"),
        ("A=${FLUENT_BASEURL}", "FLUENT_BASEURL is not known here; did you mean FLUENT_BASE_URL?"),
        ("A=${HOME}", "HOME is not known here; expected one of FLUENT_BASE_URL, FLUENT_ACCOUNT"),
        ("A=5$", "line 1: A has a $ that names no variable"),
        ("A=${FLUENT_BASE_URL", "line 1: A has a $ that names no variable"),
        ("A=1\nB=2\nA=3", "line 3: A stands there twice"),
        ("A=\0", "found a sign of value 0"),
        (b"A=\xff", "found byte 0xFF at line 1 column 3. Expected UTF-8."),
        (b"\xef\xbb\xbfA=1", "found a byte order mark"),
        ("A=" + "x" * MOST_BYTES, "has more than 65,536 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_with_its_line(
    tmp_path: Path, text: str | bytes, told: str
) -> None:
    path = written(tmp_path, text)

    with pytest.raises(VariablesError) as raised:
        FurtherVariables(path)

    assert told in str(raised.value)
    assert str(raised.value).startswith(str(path))


@pytest.mark.parametrize("name", ["no-such-file.env", "."])
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(VariablesError, match=r"No such file|Is a directory"):
        FurtherVariables(tmp_path / name)
