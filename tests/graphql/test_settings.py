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
    "a long name": (CREATE, {"name": "n" * 256}, "C0141E", "/input/name has 256 characters"),
    "an update of none": (UPDATE, {"id": "9"}, "C0120E", "There is no setting with the id '9'."),
    "an update to another's key": (
        UPDATE,
        {"id": "2"},
        "C0123E",
        "There is a setting fc.enable.batch.preprocessing of ACCOUNT 0.",
    ),
}


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
