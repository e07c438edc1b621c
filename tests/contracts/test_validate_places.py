"""Places are exact, and no bytes whatever make the command stumble."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fluent_oms_simulator.contracts.validation.locating import Text
from hypothesis import given, settings
from hypothesis import strategies as st

from ..support import batch, delta, deltas, record
from .helpers.validating import Found, findings, lines, validate, write

SPACE = st.sampled_from(["", " ", "\n", "\r\n", "\t", "\n\n  "])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
KEYS = st.text() | st.sampled_from(["~", "/", "~1", "0", "", "a/b", "😀é"])
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


class Writer:
    """Writes a document in odd ways, and notes where each value begins: the reference."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.text = ""
        self.places: dict[str, tuple[int, int]] = {}

    def space(self) -> None:
        self.text += self.data.draw(SPACE)

    def value(self, document: Any, pointer: str = "") -> None:
        self.space()
        above, _, line = self.text.rpartition("\n")
        self.places[pointer] = (above.count("\n") + 1 + ("\n" in self.text), len(line) + 1)
        if isinstance(document, dict):
            self.text += "{"
            for number, (key, inner) in enumerate(document.items()):
                self.text += "," if number else ""
                self.space()
                self.leaf(key)
                self.space()
                self.text += ":"
                token = key.replace("~", "~0").replace("/", "~1")
                self.value(inner, f"{pointer}/{token}")
            self.space()
            self.text += "}"
        elif isinstance(document, list):
            self.text += "["
            for number, inner in enumerate(document):
                self.text += "," if number else ""
                self.value(inner, f"{pointer}/{number}")
            self.space()
            self.text += "]"
        else:
            self.leaf(document)
        self.space()

    def leaf(self, value: Any) -> None:
        self.text += json.dumps(value, ensure_ascii=self.data.draw(st.booleans()))


@given(DOCUMENTS, st.data())
def test_every_value_of_any_document_is_located(document: Any, data: st.DataObject) -> None:
    writer = Writer(data)
    writer.value(document)

    text = Text(writer.text.encode())

    assert {pointer: text.place(pointer) for pointer in writer.places} == writer.places


@given(DOCUMENTS, st.data())
def test_what_is_missing_is_located_at_what_should_hold_it(
    document: Any, data: st.DataObject
) -> None:
    writer = Writer(data)
    writer.value(document)
    pointer = data.draw(st.sampled_from(sorted(writer.places)))

    assert Text(writer.text.encode()).place(f"{pointer}/no such") == writer.places[pointer]


def test_escapes_and_wide_characters_before_a_value_count_as_they_are_written(
    tmp_path: Path,
) -> None:
    text = (
        '{"action":"UPSERT", "entityType":"INVENTORY", "source": "\\u00e9\\\\\\"{[",\n'
        ' "entities": [{"😀":"日本\\\\", "skuRef":"P","locationRef":"L","qty":"x"}]}'
    )
    column = text.splitlines()[1].index('"x"') + 1

    assert findings("--select", "FOMS-B000", write(tmp_path / "a.json", text)) == [
        Found("FOMS-B000", 2, column, "/entities/0/qty")
    ]


VALID = [
    json.dumps(batch(*(record(f"P{n}", "L1", n, attributes={"a": [1]}) for n in range(4)))),
    json.dumps([deltas(delta("P1", "é", -2, "A1")), {"name": "n", "retailerId": 1}], indent=1),
    lines(*(record(f"P{n}", "L\u2028", n) for n in range(4))),
]


@settings(max_examples=150)
@given(
    st.sampled_from(VALID),
    st.lists(st.tuples(st.integers(0, 1000), st.binary(max_size=3), st.integers(0, 4)), max_size=4),
    st.sampled_from(["a.json", "a.ndjson"]),
)
def test_bytes_changed_anywhere_never_make_it_stumble(
    valid: str, changes: list[tuple[int, bytes, int]], name: str
) -> None:
    data = valid.encode()
    for at, put, drop in changes:
        data = data[: at % len(data)] + put + data[at % len(data) + drop :] + b" "
    with TemporaryDirectory() as folder:
        result = validate(write(Path(folder) / name, data))

    assert result.exit_code in (0, 1, 2)


@settings(max_examples=150)
@given(DOCUMENTS, st.sampled_from(["batch", "event", "job", "records", None]))
def test_no_document_makes_it_stumble_whatever_it_is_said_to_be(
    document: Any, kind: str | None
) -> None:
    options = ["--kind", kind] if kind else []

    assert validate(*options, "-", stdin=json.dumps(document).encode()).exit_code in (0, 1, 2)
