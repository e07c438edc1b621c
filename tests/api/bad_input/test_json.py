"""Bad JSON gets a clear refusal, leaves nothing behind, and the server goes on."""

import json
import re

import pytest

from ...support import Client, batch, record
from ..helpers.replies import assert_goes_on, assert_refused, footprint, refusals
from .helpers.payloads import ASYNC, BATCH, EVERY_POST, JOB, SYNC, batch_text, delta_text


@pytest.mark.parametrize("path", EVERY_POST)
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"name":"x"',
        b'{"name":"x",}',
        b"{'name':'x'}",
        b'{"name":"x"} {}',
        b'{"a":undefined}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"name":"x"}',
        '{"name":"x"}'.encode("utf-16"),
        b'{"a":"tab\there"}',
        b'{"a":"line\nhere"}',
        b'{"a":"nul\x00here"}',
        b'{"a":"\\x41"}',
        b"\x00",
        b" ",
    ],
)
def test_malformed_json_is_told_where_it_breaks(stocked: Client, path: str, body: bytes) -> None:
    assert_refused(stocked, path, body, "not valid JSON", "line 1 column", "Expected")


@pytest.mark.parametrize("path", EVERY_POST)
def test_an_empty_body(stocked: Client, path: str) -> None:
    assert_refused(stocked, path, b"", "empty", "expected a JSON object")


@pytest.mark.parametrize("path", EVERY_POST)
@pytest.mark.parametrize("text", ["null", "true", "3", '"x"', "[]", "[{}]"])
def test_a_document_that_is_no_object(stocked: Client, path: str, text: str) -> None:
    found = re.escape(json.dumps(json.loads(text)))
    (_, message) = assert_refused(stocked, path, text.encode(), "expected an object")[0]
    assert re.search(f"root found {found}", message)


@pytest.mark.parametrize("path", EVERY_POST)
@pytest.mark.parametrize("body", [b"{}", b'{"":[]}', b'{"":[{}],"x":null}', b'{"":{"":[]}}'])
def test_objects_that_hold_nothing_of_use(stocked: Client, path: str, body: bytes) -> None:
    before = footprint(stocked)

    listed = refusals(stocked.post(path, body))

    assert all("is required" in message for _, message in listed)
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("escape", [r"\u0000", r"\n", r"\t", r"\u001f", r"\u007f", r"A\u0000B"])
def test_escaped_control_characters(stocked: Client, escape: str) -> None:
    text = f'"{escape}"'
    for path, body, pointer in (
        (JOB, f'{{"name":{text},"retailerId":"1"}}'.encode(), "/name"),
        (BATCH, batch_text("5", f',"ref":{text}'), "/entities/0/ref"),
        (BATCH, batch_text(source=text), "/source"),
        (ASYNC, delta_text("5", f',"type":{text}'), "/attributes/deltas/0/type"),
    ):
        [(_, message)] = refusals(stocked.post(path, body))
        assert f"at {pointer} found" in message
        assert "control characters" in message
        assert not re.search("[\x00-\x1f]", message)


@pytest.mark.parametrize("raw", ["\x00", "\n", "\t", "\x1f"])
def test_raw_control_characters_are_not_json(stocked: Client, raw: str) -> None:
    body = batch_text("5", f',"ref":"a{raw}b"')
    assert_refused(stocked, BATCH, body, "not valid JSON", "line")


@pytest.mark.parametrize("escape", [r"\ud800", r"\udc00", r"\udc00\ud800", r"x\ud83d", r"\uD800A"])
def test_escaped_lone_surrogates(stocked: Client, escape: str) -> None:
    for path, body, pointer in (
        (JOB, f'{{"name":"{escape}","retailerId":"1"}}'.encode(), "at /name found"),
        (BATCH, batch_text("5", f',"ref":"{escape}"'), "at /entities/0/ref found"),
        (ASYNC, delta_text("5", f',"type":"{escape}"'), "at /attributes/deltas/0/type found"),
    ):
        assert_refused(stocked, path, body, pointer, "surrogate")


def test_a_lone_surrogate_in_a_key(stocked: Client) -> None:
    body = batch_text("5", r',"attributes":{"\ud800":1}')
    assert_refused(stocked, BATCH, body, "/entities/0/attributes", "surrogate")


def test_raw_lone_surrogates(stocked: Client) -> None:
    body = batch_text("5", ',"ref":"?"').replace(b"?", "\ud800".encode(errors="surrogatepass"))
    assert_refused(stocked, BATCH, body, "/entities/0/ref", "surrogate")


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (JOB, b'{"name":null,"retailerId":"1"}', "/name"),
        (BATCH, batch_text(action="null"), "/action"),
        (BATCH, batch_text("null"), "/entities/0/qty"),
        (ASYNC, delta_text("null"), "/attributes/deltas/0/qty"),
        (
            SYNC,
            delta_text("5", ',"x":null').replace(b'"d"', b"null"),
            "/attributes/deltas/0/deltaId",
        ),
    ],
)
def test_a_null_where_a_value_is_required(
    stocked: Client, path: str, body: bytes, pointer: str
) -> None:
    name = pointer.rpartition("/")[2]
    assert_refused(stocked, path, body, f"'{name}' is required: at {pointer} found null, expected")


@pytest.mark.parametrize("name", ["meta", "unknown"])
def test_an_optional_null_is_not_among_the_faults(stocked: Client, name: str) -> None:
    assert_refused(stocked, JOB, {"retailerId": "1", name: None}, "'name' is required")


def test_a_pair_of_surrogates_is_one_character(client: Client) -> None:
    client.job()
    body = batch_text().replace(b'"A"', rb'"\ud83d\ude00"')

    assert client.post(BATCH, body).status_code == 200
    client.settle()
    assert client.on_hand("😀", "L") == 5


NESTINGS = [("[", "]"), ('{"a":', "}")]


@pytest.mark.parametrize("depth", [300, 1100, 100_000])
@pytest.mark.parametrize(("opening", "closing"), NESTINGS)
def test_deep_nesting(stocked: Client, opening: str, closing: str, depth: int) -> None:
    nest = opening * depth + "1" + closing * depth
    for path, body in (
        (JOB, nest.encode()),
        (JOB, f'{{"name":"x","retailerId":"1","meta":{{"a":{nest}}}}}'.encode()),
        (BATCH, batch_text("5", f',"attributes":{{"a":{nest}}}')),
        (BATCH, batch_text(nest)),
        (BATCH, batch_text(entities=nest)),
        (ASYNC, delta_text(nest)),
        (SYNC, delta_text("5", f',"more":{nest}')),
    ):
        [(code, message)] = refusals(stocked.post(path, body))
        assert code == "400"
        assert "nest" in message or "depth" in message or "deep" in message
    assert footprint(stocked)


@pytest.mark.parametrize(("opening", "closing"), NESTINGS)
def test_what_is_accepted_can_be_shown_again(client: Client, opening: str, closing: str) -> None:
    for depth in range(230, 262):
        nest = opening * depth + "1" + closing * depth
        body = (
            f'{{"name":"X","retailerId":"1","entityType":"T","entityRef":"R","attributes":{nest}}}'
        )
        event_body = body.replace(nest, f'{{"a":{nest}}}').encode()
        job_body = f'{{"name":"x","retailerId":"1","meta":{{"a":{nest}}}}}'.encode()
        accepted = client.post(ASYNC, event_body)
        job = client.post(JOB, job_body)
        batch_reply = None
        if job.status_code == 200:
            job_id = job.get_json()["id"]
            batch_body = batch_text("5", f',"attributes":{{"a":{nest}}}')
            batch_reply = client.post(f"{JOB}/{job_id}/batch", batch_body)
            client.settle()
            assert client.get(f"{JOB}/{job_id}").status_code == 200, depth
        if accepted.status_code == 200:
            event_id = accepted.get_json()["id"]
            assert client.get(f"/api/v4.1/event/{event_id}").status_code == 200, depth
        assert client.get("/api/v4.1/event").status_code == 200, depth
        assert client.http.get("/__admin/positions").status_code == 200, depth
        for reply in (accepted, job, batch_reply):
            assert reply is None or reply.status_code in (200, 400), depth


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (JOB, b'{"name":"a","name":"b","retailerId":"1"}', "/name"),
        (JOB, b'{"name":"a","retailerId":"1","retailerId":"1"}', "/retailerId"),
        (JOB, b'{"name":"a" ,"name" :"b","retailerId":"1"}', "/name"),
        (JOB, b'{"name":"a","name"\n:"b","retailerId":"1"}', "/name"),
        (JOB, b'{"name":"a","name"\t\r\n :"b","retailerId":"1"}', "/name"),
        (JOB, b'{"name":"a","n\\u0061me":"b","retailerId":"1"}', "/name"),
        (JOB, b'{"name":"a","retailerId":"1","meta":{"a":1,"a":1}}', "/meta/a"),
        (JOB, b'{"name":"a","retailerId":"1","meta":{"a/b":1,"a/b":1}}', "/meta/a~1b"),
        (JOB, b'{"name":"a","retailerId":"1","":1,"":2}', "/"),
        (BATCH, batch_text("5", ',"qty":5'), "/entities/0/qty"),
        (BATCH, batch_text("5", ',"qty" :6'), "/entities/0/qty"),
        (BATCH, batch_text("5", ',"q\\u0074y":6'), "/entities/0/qty"),
        (BATCH, batch_text("5", ',"q\\u0074y" : 6'), "/entities/0/qty"),
        (BATCH, batch_text("5", ',"attributes":{"a":{"b":1,"b":2}}'), "/entities/0/attributes/a/b"),
        # A text that holds `":` must not hide a key that is lost.
        (BATCH, batch_text("5", ',"qty":6,"lot":"\\":"'), "/entities/0/qty"),
        (ASYNC, delta_text("5", ',"qty":5'), "/attributes/deltas/0/qty"),
        (ASYNC, delta_text("5", ',"deltaId":"e"'), "/attributes/deltas/0/deltaId"),
        (SYNC, delta_text("5", ',"q\\u0074y":6'), "/attributes/deltas/0/qty"),
    ],
)
def test_a_key_twice_in_one_object(stocked: Client, path: str, body: bytes, pointer: str) -> None:
    assert_refused(stocked, path, body, f"at {pointer} found", "2 times", "each key once")


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("line", [0, 250, 499])
def test_a_key_twice_in_a_long_body(client: Client, line: int, separators: tuple[str, str]) -> None:
    client.job()
    rows = [record(f"S{number}", "L:1", 5) for number in range(500)]
    sound = json.dumps(batch(*rows), separators=separators).encode()
    name = f'"S{line}"'.encode()
    twice = sound.replace(name, name + b',"locationRef":"L"')

    assert_refused(client, BATCH, twice, f"/entities/{line}/locationRef", "2 times")
    assert client.post(BATCH, sound).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        batch_text("5", ',"lot":"\\":\\":"'),
        batch_text("5", ',"attributes":{"a\\"":1,"b":"c\\" : d"}'),
        json.dumps(
            batch(record("A", "L", 5, attributes={"qty": 1, "skuRef": 2})), indent=2
        ).encode(),
        batch_text().replace(b'"qty"', b'"q\\u0074y"'),
    ],
)
def test_keys_that_only_look_repeated(client: Client, body: bytes) -> None:
    client.job()

    assert client.post(BATCH, body).status_code == 200
