"""Of a text that is no JSON it is told what stands there, and what was expected in its place."""

import pytest
from fluent_oms_simulator.intake.parsing import NotJsonError, read_json
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "found", "expected"),
    [
        (b'{"a" 1}', "the character '1'", "':' after key"),
        (b"{'a': 1}", 'the character "\'"', "a string key"),
        (b'{"a": 1,}', "the character ','", "no comma before the end"),
        (b"[nul]", "the character 'n'", "'null'"),
        (b'{"a": "', "the end of the text", "the rest of the document"),
        (b"[1] [2]", "the character '['", "the end of the text after one JSON document"),
    ],
)
def test_what_stands_in_the_place_of_json_is_what_was_found(
    text: bytes, found: str, expected: str
) -> None:
    with pytest.raises(NotJsonError) as refused:
        read_json(text)

    (fault,) = refused.value.faults
    assert (fault.found, fault.expected) == (found, expected)


@given(st.text(alphabet='{}[]",:1e.-+tnul \\\n\x01é', min_size=1))
def test_no_parser_speaks_of_what_was_found(text: str) -> None:
    try:
        read_json(text.encode())
    except NotJsonError as refused:
        for fault in refused.faults:
            assert "unexpected" not in fault.found
            assert "allowed" not in fault.found
