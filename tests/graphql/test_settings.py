"""Settings, as callers write and read them (Fluent docs: Settings mutations, 1 July 2024)."""

import pytest

from ..api.helpers.batch_results import verdicts
from ..support import Client, record
from .helpers.support import ask, errors_of, nodes, walked

FIELDS = "id name valueType value lobValue context contextId"
CREATE = f"mutation ($input: CreateSettingInput) {{ createSetting(input: $input) {{ {FIELDS} }} }}"
UPDATE = f"mutation ($input: UpdateSettingInput) {{ updateSetting(input: $input) {{ {FIELDS} }} }}"
PREPROCESSING = {
    "name": "fc.enable.batch.preprocessing",
    "valueType": "BOOLEAN",
    "value": "false",
    "context": "ACCOUNT",
    "contextId": 0,
}
LAST_RUN = {
    "name": "last.run",
    "valueType": "JSON",
    "lobValue": {"lastRun": {"start": "2026-01-01"}},
    "context": "RETAILER",
    "contextId": 1,
}


def create(client: Client, **more: object) -> dict[str, object]:
    created: dict[str, object] = ask(client, CREATE, input={**PREPROCESSING, **more})[
        "createSetting"
    ]
    return created


@pytest.fixture
def account(client: Client) -> Client:
    create(client)
    ask(client, CREATE, input=LAST_RUN)
    return client


def test_a_setting_is_read_as_it_was_written(account: Client) -> None:
    query = f"""{{ settings(first: 10) {{ edges {{ node {{ {FIELDS} }} }} }}
        setting(id: 2) {{ {FIELDS} }} none: setting(id: 3) {{ id }} }}"""

    answer = ask(account, query)

    assert nodes(answer["settings"]) == [
        {"id": "1", **PREPROCESSING, "lobValue": None},
        {"id": "2", **LAST_RUN, "value": None},
    ]
    assert answer["setting"] == {"id": "2", **LAST_RUN, "value": None}
    assert answer["none"] is None
    assert [row["id"] for row in walked(account, "settings", 1, selection="id")] == ["1", "2"]


FILTERS: list[tuple[str, list[str]]] = [
    ('name: "last.run"', ["2"]),
    ('context: ["ACCOUNT", "RETAILER"], contextId: [0]', ["1"]),
    ('valueType: "BOOLEAN", value: ["false"]', ["1"]),
    ("value: [null]", ["2"]),
    ("contextId: []", []),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_settings_are_filtered(account: Client, filters: str, expected: list[str]) -> None:
    found = ask(account, f"{{ settings({filters}) {{ edges {{ node {{ id }} }} }} }}")

    assert [row["id"] for row in nodes(found["settings"])] == expected


def test_an_update_leaves_what_it_does_not_give(account: Client) -> None:
    updated = ask(account, UPDATE, input={"id": "2", "lobValue": {"lastRun": None}, "value": None})

    assert updated["updateSetting"] == {
        "id": "2",
        **LAST_RUN,
        "value": None,
        "lobValue": {"lastRun": None},
    }


def test_preprocessing_is_turned_off_by_its_setting(
    client: Client,
) -> None:
    """That of a retailer goes before that of the account (inferred)."""
    job = client.job()

    def said() -> list[str]:
        return verdicts(client, client.load([record("D45", "MEL", 5)], job=job), job)

    assert [said(), said()] == [["applied"], ["unchanged"]]
    create(client)
    assert said() == ["applied"]
    create(client, context="RETAILER", contextId=1, value="true")
    assert said() == ["unchanged"]
    ask(client, UPDATE, input={"id": "2", "value": "FALSE"})
    assert said() == ["applied"]
    client.post("/__admin/reset", {})
    assert nodes(ask(client, "{ settings { edges { node { id } } } }")["settings"]) == []


BAD: dict[str, tuple[str, dict[str, object], str, str]] = {
    "the same again": (CREATE, {}, "C0123E", "There is a setting fc.enable.batch.preprocessing"),
    "a context that there is not": (
        CREATE,
        {"context": "account"},
        "C0125E",
        "/input/context is 'account': expected one of GLOBAL, ACCOUNT, RETAILER, AGENT, CUSTOMER.",
    ),
    "a type that there is not": (
        CREATE,
        {"name": "n", "valueType": "TEXT"},
        "C0125E",
        "/input/valueType is 'TEXT': expected one of BOOLEAN, INTEGER, JSON, STRING, LOB.",
    ),
    "no name": (CREATE, {"name": ""}, "C0125E", "/input/name is empty"),
    "a name of blanks": (CREATE, {"name": "  "}, "C0125E", "/input/name is empty"),
    "a boolean that is none": (
        CREATE,
        {"name": "n", "value": "maybe"},
        "C0125E",
        "/input/value is 'maybe': expected true or false, as the valueType is BOOLEAN.",
    ),
    "an integer that is none": (
        CREATE,
        {"name": "n", "valueType": "INTEGER", "value": "1.5"},
        "C0125E",
        "/input/value is '1.5': expected a whole number, as the valueType is INTEGER.",
    ),
    "a JSON text that is none": (
        CREATE,
        {"name": "n", "valueType": "JSON", "value": "{lastRun: 1}"},
        "C0125E",
        "/input/value is '{lastRun: 1}': expected JSON, as the valueType is JSON.",
    ),
    "a JSON text without an end": (
        CREATE,
        {"name": "n", "valueType": "JSON", "value": "[" * 9_999},
        "C0125E",
        "expected JSON, as the valueType is JSON.",
    ),
    "an id of the account": (
        CREATE,
        {"name": "n", "contextId": 5},
        "C0125E",
        "/input/contextId is 5: expected 0, as the context is ACCOUNT.",
    ),
    "an id below 0": (
        CREATE,
        {"name": "n", "context": "AGENT", "contextId": -1},
        "C0125E",
        "/input/contextId is -1: expected a whole number from 0 on.",
    ),
    "an update to a value that its type has not": (
        UPDATE,
        {"id": "1", "valueType": None, "value": "no"},
        "C0125E",
        "/input/value is 'no': expected true or false, as the valueType is BOOLEAN.",
    ),
    "an update to a type that its value is not of": (
        UPDATE,
        {"id": "1", "valueType": "INTEGER", "value": None},
        "C0125E",
        "/input/valueType is INTEGER, and the value 'false': expected a whole number.",
    ),
    "an update to the context of the account": (
        UPDATE,
        {"id": "2", "name": "n", "contextId": None, "valueType": None, "value": None},
        "C0125E",
        "/input/contextId is 1: expected 0, as the context is ACCOUNT.",
    ),
    "a long name": (CREATE, {"name": "n" * 256}, "C0141E", "/input/name has 256 characters"),
    "an update of none": (UPDATE, {"id": "9"}, "C0120E", "There is no setting with the id '9'."),
    "an update to another's key": (
        UPDATE,
        {"id": "2"},
        "C0123E",
        "There is a setting fc.enable.batch.preprocessing of ACCOUNT 0.",
    ),
}


@pytest.mark.parametrize(
    ("value_type", "value"),
    [
        ("BOOLEAN", "TRUE"),
        ("INTEGER", "-12"),
        ("JSON", '{"a": [1.5, null]}'),
        ("JSON", None),
        ("STRING", "maybe"),
        ("STRING", ""),
        ("LOB", "x" * 5_000),
    ],
)
def test_a_value_of_its_type_is_taken(client: Client, value_type: str, value: str | None) -> None:
    assert create(client, valueType=value_type, value=value)["value"] == value


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_changes_nothing(account: Client, name: str) -> None:
    document, given, code, words = BAD[name]
    query = f"{{ settings {{ edges {{ node {{ {FIELDS} }} }} }} }}"
    before = ask(account, query)

    [(found, message)] = errors_of(account, document, input={**PREPROCESSING, **given})

    assert (found, words in message) == (code, True), message
    assert ask(account, query) == before


def test_a_setting_is_asked_for_by_its_id(client: Client) -> None:
    assert errors_of(client, "{ setting { id } }") == [
        ("C0140E", "`setting` has no `id`: expected one.")
    ]
