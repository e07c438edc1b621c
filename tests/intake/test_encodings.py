"""Bytes that are not UTF-8 get one answer: from the server, as seed data, in files, in settings."""

import codecs
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fluent_oms_simulator import Settings, build
from fluent_oms_simulator.intake.seeding import SeedError
from fluent_oms_simulator.settings import SettingsError, resolve
from fluent_oms_simulator.text.encoding import encoding_fault, parameter_fault
from hypothesis import given
from hypothesis import strategies as st

from ..contracts.helpers.validating import report_of, validate, write
from ..support import Client, batch, record

TEXT = json.dumps(batch(record("SKU_é", "L", 5)), ensure_ascii=False)
COLUMN = TEXT.index("é") + 1
CASES = {
    "a byte order mark": (
        codecs.BOM_UTF8 + TEXT.encode(),
        "a byte order mark",
        "UTF-8 without one",
        1,
    ),
    "UTF-16 with a mark": (TEXT.encode("utf-16"), "text that looks like UTF-16", "UTF-8", 1),
    "UTF-16 little endian": (TEXT.encode("utf-16-le"), "text that looks like UTF-16", "UTF-8", 1),
    "UTF-16 big endian": (TEXT.encode("utf-16-be"), "text that looks like UTF-16", "UTF-8", 1),
    "UTF-32 with a mark": (TEXT.encode("utf-32"), "text that looks like UTF-32", "UTF-8", 1),
    "UTF-32 little endian": (TEXT.encode("utf-32-le"), "text that looks like UTF-32", "UTF-8", 1),
    "UTF-32 big endian": (TEXT.encode("utf-32-be"), "text that looks like UTF-32", "UTF-8", 1),
    "Latin-1": (TEXT.encode("latin-1"), "byte 0xE9", "UTF-8", COLUMN),
    "a character cut off": (TEXT.encode().replace(b"\xa9", b""), "byte 0xC3", "UTF-8", COLUMN),
}
misread = pytest.mark.parametrize(
    ("data", "found", "expected", "column"), CASES.values(), ids=CASES
)


@misread
def test_the_server_refuses_it_in_those_words(
    client: Client, data: bytes, found: str, expected: str, column: int
) -> None:
    reply = client.post(f"/api/v4.1/job/{client.job()}/batch", data)

    assert reply.status_code == 400
    assert reply.get_json()["errors"][0]["message"] == (
        f"The body is not valid JSON: found {found} at line 1 column {column}. Expected {expected}."
    )


@misread
def test_validate_finds_the_same_at_the_same_place(
    tmp_path: Path, data: bytes, found: str, expected: str, column: int
) -> None:
    path = write(tmp_path / "a.json", data)

    first = report_of(path)["findings"][0]

    assert (first["found"], first["expected"], first["severity"]) == (found, expected, "error")
    assert (first["place"]["line"], first["place"]["column"]) == (1, column)
    assert validate(path).exit_code == 1


@misread
def test_the_seed_data_is_refused_in_those_words(
    tmp_path: Path, data: bytes, found: str, expected: str, column: int
) -> None:
    path = write(tmp_path / "seed.json", data)

    with pytest.raises(SeedError) as refused:
        build(Settings(seed_data=str(path))).start()

    assert f"found {found} at line 1 column {column}. Expected {expected}." in str(refused.value)


@misread
def test_a_configuration_file_is_refused_in_those_words(
    tmp_path: Path, data: bytes, found: str, expected: str, column: int
) -> None:
    path = write(tmp_path / "sim.toml", data)

    with pytest.raises(SettingsError) as refused:
        resolve({}, {}, path)

    assert str(refused.value) == (
        f"the configuration file {path}: found {found} at line 1 column {column}."
        f" Expected {expected}."
    )


def test_a_mark_before_a_later_line_is_told_where_it_stands(tmp_path: Path) -> None:
    """Files that were joined have one in the middle."""
    line = json.dumps(record("A", "L", 1)).encode() + b"\n"
    path = write(tmp_path / "a.ndjson", line + codecs.BOM_UTF8 + line)

    (found,) = report_of(path)["findings"]

    assert (found["rule"], found["place"]["line"], found["place"]["column"]) == ("FOMS-F002", 2, 1)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be"])
def test_lines_in_another_encoding_are_told_of_once(tmp_path: Path, encoding: str) -> None:
    text = "".join(json.dumps(record("A", "L", number)) + "\n" for number in range(5))

    report = report_of(write(tmp_path / "a.ndjson", text.encode(encoding)))

    assert [found["rule"] for found in report["findings"]] == ["FOMS-F001"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"skuRef":"A","locationRef":"L","qty":1,"qty":2}]', "found this key 2 times"),
        ('[{"skuRef":"A","locationRef":"L","qty":NaN}]', "found NaN"),
        ("[" * 250 + "]" * 250, "seed.json nests deeper than 200 levels"),
        ("", "seed.json is not JSON to be used"),
    ],
)
def test_seed_data_is_held_to_what_bodies_are(tmp_path: Path, text: str, told: str) -> None:
    path = write(tmp_path / "seed.json", text)

    with pytest.raises(SeedError, match=told):
        build(Settings(seed_data=str(path))).start()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_json_in_utf_8_is_taken_for_something_else(text: str) -> None:
    for document in (text, {text: text}, [text]):
        written: Any = json.dumps(document, ensure_ascii=False)
        assert encoding_fault(written.encode()) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/__admin/positions?count=5&productRef=Gr%F6sse", "productRef"),
        ("/api/v4.1/event?context.entityRef=Gr%F6sse", "context.entityRef"),
    ],
)
def test_a_query_in_another_encoding_is_refused_and_does_not_find_nothing(
    client: Client, path: str, name: str
) -> None:
    url, _, query = path.partition("?")
    reply = client.http.get(url, headers=client.headers, environ_overrides={"QUERY_STRING": query})

    assert reply.status_code == 400
    assert reply.get_json()["errors"][0]["message"] == (
        f"'{name}' is invalid: in the query at ?{name} found byte 0xF6 at line 1 column 3,"
        " expected UTF-8"
    )


def test_a_query_in_utf_8_finds_what_it_names(client: Client) -> None:
    client.load([record("Größe", "L", 5)])

    for query in ("productRef=Gr%C3%B6%C3%9Fe", "productRef=Gr%c3%b6%c3%9fe&locationRef=%4C"):
        reply = client.http.get(f"/__admin/positions?{query}")
        assert reply.get_json()["total"] == 1


@pytest.mark.parametrize(
    ("password", "found", "column"),
    [("p%E4ss+word", "byte 0xE4", 2), ("p\xe4ss+word", "byte 0xE4", 2)],
)
@pytest.mark.parametrize("in_query", [False, True])
def test_a_sign_in_in_another_encoding_is_told_so_without_the_secret(
    client: Client, password: str, found: str, column: int, in_query: bool
) -> None:
    form = f"grant_type=password&client_id=fluent-sim&password={password}".encode("latin-1")
    reply = client.http.post(
        "/oauth/token",
        environ_overrides={"QUERY_STRING": form.decode("latin-1") if in_query else ""},
        data=b"" if in_query else form,
        content_type="application/x-www-form-urlencoded",
    )

    assert reply.status_code == 400
    assert reply.get_json() == {
        "error": "invalid_request",
        "error_description": (
            f"The text of password cannot be read: found {found} at line 1 column {column}."
            " Expected UTF-8."
        ),
    }


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-16", "text that looks like UTF-16"), ("utf-16-le", "text that looks like UTF-16")],
)
def test_a_form_that_is_not_utf_8_at_all_is_told_so(
    client: Client, encoding: str, found: str
) -> None:
    form = "grant_type=password&client_id=fluent-sim".encode(encoding)
    reply = client.http.post(
        "/oauth/token", data=form, content_type="application/x-www-form-urlencoded"
    )

    assert reply.status_code == 400
    assert reply.get_json()["error_description"] == (
        f"The text cannot be read: found {found} at line 1 column 1. Expected UTF-8."
    )


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=3))
def test_whatever_is_utf_8_is_no_fault_of_a_query(parameters: dict[str, str]) -> None:
    encoded = urlencode(parameters)

    assert parameter_fault(encoded.encode()) is None
