"""Each kind of bad input gets a clear refusal, leaves nothing behind, and the server goes on."""

import io
import json
import re

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.clock import VirtualClock

from ..conftest import MakeSimulator
from ..support import Client, Document, batch, delta, deltas, item, record, updates
from .replies import footprint, refusals

JOB = "/api/v4.1/job"
BATCH = "/api/v4.1/job/1/batch"
ASYNC = "/api/v4.1/event/async"
SYNC = "/api/v4.1/event/sync"

HOUR = 3_600_000


@pytest.fixture
def stocked(client: Client) -> Client:
    """A client whose job 1 has loaded ten of A at L."""
    assert client.job() == "1"
    client.load([record("A", "L", 10)], job="1")
    return client


def batch_text(qty: str = "5", record_more: str = "", **envelope: str) -> bytes:
    """A batch written by hand, so that it may hold what no library writes."""
    fields = {
        "action": '"UPSERT"',
        "entityType": '"INVENTORY"',
        "entities": f'[{{"skuRef":"A","locationRef":"L","qty":{qty}{record_more}}}]',
        **envelope,
    }
    return ("{" + ",".join(f'"{name}":{value}' for name, value in fields.items()) + "}").encode()


def delta_text(qty: str = "5", more: str = "") -> bytes:
    """A delta event written by hand."""
    entry = f'{{"productRef":"A","locationRef":"L","deltaId":"d","qty":{qty}{more}}}'
    return json.dumps(deltas("ENTRY")).replace('"ENTRY"', entry).encode()  # type: ignore[arg-type]


def without(document: Document, name: str) -> Document:
    return {key: value for key, value in document.items() if key != name}


def assert_refused(
    client: Client,
    path: str,
    body: object,
    *fragments: str,
    status: int = 400,
    code: str | None = None,
) -> list[tuple[str, str]]:
    """The request is refused for exactly one fault whose message holds all fragments."""
    before = footprint(client)

    listed = refusals(client.post(path, body), status)

    assert len(listed) == 1, listed
    found_code, message = listed[0]
    assert found_code == (code or str(status))
    for fragment in fragments:
        assert fragment in message, f"{fragment!r} is not in {message!r}"
    assert_goes_on(client, before)
    return listed


def assert_goes_on(client: Client, before: object) -> None:
    """Nothing was applied, and the next request is served."""
    client.settle()
    assert footprint(client) == before
    after = client.job()
    assert int(after) >= 1
    client.load([record("Z", "L", 11)], job=after)
    assert client.on_hand("Z", "L") == 11


EVERY_POST = [JOB, BATCH, ASYNC, SYNC]


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


@pytest.mark.parametrize("path", EVERY_POST)
@pytest.mark.parametrize(
    "declared",
    [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "json",
        ";",
        "é",
        "",
    ],
)
def test_a_wrong_content_type(stocked: Client, path: str, declared: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.post(
        path,
        data=b'{"name":"x","retailerId":"1"}',
        headers=stocked.headers,
        content_type=declared,
    )

    [(code, message)] = refusals(reply, 415)
    assert code == "415"
    assert f"Content-Type is {declared or 'none'}" in message
    assert "expected application/json" in message
    assert_goes_on(stocked, before)


@pytest.mark.parametrize(
    "declared", ["application/json", "application/json; charset=utf-8", "Application/JSON"]
)
def test_a_right_content_type(client: Client, declared: str) -> None:
    body = b'{"name":"x","retailerId":"1"}'
    reply = client.http.post(JOB, data=body, headers=client.headers, content_type=declared)

    assert reply.status_code == 200


@pytest.mark.parametrize("path", EVERY_POST)
def test_a_body_over_the_limit(make_simulator: MakeSimulator, path: str) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))
    assert client.job() == "1"

    assert_refused(client, path, batch_text().ljust(2001), "2,000 bytes", status=413)


def test_a_body_at_the_limit(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))
    client.job()

    assert client.post(BATCH, batch_text().ljust(2000)).status_code == 200


@pytest.mark.parametrize(("size", "status"), [(1999, 200), (2000, 200), (2001, 413), (9000, 413)])
def test_a_body_sent_in_chunks_has_the_same_limit(
    make_simulator: MakeSimulator, size: int, status: int
) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))

    # What a server hands over for Transfer-Encoding: chunked.
    reply = client.http.post(
        JOB,
        input_stream=io.BytesIO(b'{"name":"x","retailerId":"1"}'.ljust(size)),
        headers=client.headers,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
    )

    assert reply.status_code == status
    if status == 413:
        refusals(reply, 413)


def test_a_token_request_over_the_limit(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(http_max_body_bytes="2000"))

    refusals(client.sign_in(username="x" * 2000), 413)
    assert client.sign_in().status_code == 200


@pytest.mark.parametrize(("size", "found"), [(0, "found []"), (5001, "5,001"), (20_000, "20,000")])
def test_a_batch_with_too_few_or_too_many_records(stocked: Client, size: int, found: str) -> None:
    records = [record(f"P{line}", "L", 1) for line in range(size)]
    assert_refused(stocked, BATCH, batch(*records), "/entities", found, "1 to 5,000 records")


def test_a_batch_of_5000_records(client: Client) -> None:
    client.job()
    batch_id = client.load([record(f"P{line}", "L", line) for line in range(5000)], job="1")

    assert client.batch(batch_id)["total"] == "5000"
    assert client.on_hand("P4999", "L") == 4999


WHOLE = "a whole number"
WRITTEN = "a whole number written without a decimal point or exponent"


@pytest.mark.parametrize(
    ("qty", "found", "expected"),
    [
        ("1.5", "1.5", WHOLE),
        ("-1.5", "-1.5", WHOLE),
        ("1e-1", "0.1", WHOLE),
        ("-1", "-1", "zero or more"),
        ("-2147483648", "-2147483648", "zero or more"),
        ('"5"', '"5"', WHOLE),
        ('""', '""', WHOLE),
        ('"five"', '"five"', WHOLE),
        ("2147483648", "2147483648", "at most 2,147,483,647"),
        ("9223372036854775808", "9223372036854775808", "at most 2,147,483,647"),
        ("18446744073709551616", "1", "at most 2,147,483,647"),
        ("-18446744073709551616", "-1", "whole number"),
        ("1" * 300, "1", "at most 2,147,483,647"),
        ("1.0", "1.0", WRITTEN),
        ("-0.0", "-0.0", WRITTEN),
        ("1e2", "100.0", WRITTEN),
        ("true", "true", WHOLE),
        ("false", "false", WHOLE),
        ("[5]", "[5]", WHOLE),
        ("{}", "{}", WHOLE),
    ],
)
def test_a_quantity_that_is_none(stocked: Client, qty: str, found: str, expected: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "/entities/0/qty", f"found {found}", expected)


@pytest.mark.parametrize(
    "qty", ["1e400", "-1e400", "1" * 400, "1" * 5000, "NaN", "Infinity", "-Infinity"]
)
def test_a_quantity_beyond_all_numbers(stocked: Client, qty: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "/entities/0/qty", "found", "finite")


@pytest.mark.parametrize("qty", ["nan", "inf", "+1", "0x10", "1_000", ".5", "5.", "05"])
def test_a_quantity_that_json_does_not_know(stocked: Client, qty: str) -> None:
    assert_refused(stocked, BATCH, batch_text(qty), "not valid JSON", "column")


@pytest.mark.parametrize("qty", ["0", "-0", "2147483647"])
def test_a_quantity_at_the_edge(client: Client, qty: str) -> None:
    client.job()

    assert client.post(BATCH, batch_text(qty)).status_code == 200
    client.settle()
    assert client.on_hand("A", "L") == int(qty)


@pytest.mark.parametrize("qty", ["-5", "0", "-2147483648"])
def test_other_types_than_a_count_may_be_negative(client: Client, qty: str) -> None:
    client.job()

    assert client.post(BATCH, batch_text(qty, ',"type":"EXPECTED"')).status_code == 200


@pytest.mark.parametrize("name", ["correctedQty", "reservedQty"])
@pytest.mark.parametrize("qty", ["1.5", '"0"', "true", "18446744073709551616"])
def test_a_lesser_quantity_that_is_none(stocked: Client, name: str, qty: str) -> None:
    body = batch_text("5", f',"{name}":{qty}')
    assert_refused(stocked, BATCH, body, f"/entities/0/{name}", "whole number")


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize(
    ("qty", "found", "expected"),
    [
        ("0", "0", "other than zero"),
        ("-0", "0", "other than zero"),
        ("1.5", "1.5", WHOLE),
        ("-0.5", "-0.5", WHOLE),
        ("1.0", "1.0", WRITTEN),
        ("-1e1", "-10.0", WRITTEN),
        ('"-5"', '"-5"', WHOLE),
        ("2147483648", "2147483648", "at most 2,147,483,647"),
        ("-2147483649", "-2147483649", "at least -2,147,483,648"),
        ("18446744073709551616", "1", "at most 2,147,483,647"),
        ("true", "true", WHOLE),
        ("[]", "[]", WHOLE),
    ],
)
def test_a_delta_that_changes_nothing_or_by_no_number(
    stocked: Client, path: str, qty: str, found: str, expected: str
) -> None:
    where = "/attributes/deltas/0/qty"
    assert_refused(stocked, path, delta_text(qty), where, f"found {found}", expected)


@pytest.mark.parametrize("qty", ["1e400", "-1e400"])
def test_a_delta_beyond_all_numbers(stocked: Client, qty: str) -> None:
    assert_refused(stocked, ASYNC, delta_text(qty), "/attributes/deltas/0/qty", "found")


def test_a_delta_of_zero_written_as_a_fraction(stocked: Client) -> None:
    listed = refusals(stocked.post(ASYNC, delta_text("0.0")))

    assert all("/attributes/deltas/0/qty found 0.0" in message for _, message in listed)


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize("name", ["deltaId", "productRef", "locationRef", "qty"])
def test_a_delta_that_lacks_something(stocked: Client, path: str, name: str) -> None:
    document = deltas(delta("A", "L", 1, "d1"), without(delta("A", "L", 1, "d2"), name))
    where = f"/attributes/deltas/1/{name} is missing"
    assert_refused(stocked, path, document, f"'{name}' is required", where, "expected")


@pytest.mark.parametrize("path", [ASYNC, SYNC])
def test_one_delta_id_twice_in_an_event(stocked: Client, path: str) -> None:
    document = deltas(delta("A", "L", 1, "d"), delta("B", "L", 1, "e"), delta("A", "M", 1, "d"))
    assert_refused(
        stocked,
        path,
        document,
        '/attributes/deltas/2/deltaId found "d"',
        "/attributes/deltas/0/deltaId is the same",
    )


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        (None, "/attributes/deltas"),
        ({}, "/attributes/deltas"),
        ([], "/attributes"),
        ("x", "/attributes"),
        ({"deltas": []}, "/attributes/deltas"),
        ({"deltas": None}, "/attributes/deltas"),
        ({"deltas": {}}, "/attributes/deltas"),
        ({"deltas": [None]}, "/attributes/deltas/0"),
        ({"deltas": [[]]}, "/attributes/deltas/0"),
        ({"deltas": [5]}, "/attributes/deltas/0"),
        ({"deltas": [delta("A", "L", 1, "d", type="LAST_ON_HAND")]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "d", type="")]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "d", type="T" * 51)]}, "/attributes/deltas/0/type"),
        ({"deltas": [delta("A", "L", 1, "")]}, "/attributes/deltas/0/deltaId"),
        ({"deltas": [delta("A", "L", 1, 5)]}, "/attributes/deltas/0/deltaId"),  # type: ignore[arg-type]
        ({"deltas": [delta("A", "L", 1, str(n)) for n in range(5001)]}, "/attributes/deltas"),
    ],
)
def test_attributes_that_are_no_deltas(stocked: Client, attributes: object, pointer: str) -> None:
    document = deltas() | {"attributes": attributes}
    assert_refused(stocked, ASYNC, document, pointer, "expected")


@pytest.mark.parametrize(
    ("entry", "pointer"),
    [
        (item("A", "L", "F", reserveQty=1.5), "/attributes/items/0/reserveQty"),
        (item("A", "L", "F", saleQty=1.0), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="x"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty=""), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="1.0"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty="--1"), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", saleQty=True), "/attributes/items/0/saleQty"),
        (item("A", "L", "F", cancelQty=None), "/attributes/items/0"),
        (item("A", "L", "F", correctionQty=2**31), "/attributes/items/0/correctionQty"),
        (without(item("A", "L", "F", saleQty=1), "skuRef"), "/attributes/items/0/skuRef"),
        (without(item("A", "L", "F", saleQty=1), "locationRef"), "/attributes/items/0/locationRef"),
        (
            without(item("A", "L", "F", saleQty=1), "fulfilmentId"),
            "/attributes/items/0/fulfilmentId",
        ),
        (item("A", "L", "F"), "/attributes/items/0"),
        (item("A", "L", "F", quantity=3), "/attributes/items/0"),
        (item("A", "L", "F" * 101, saleQty=1), "/attributes/items/0/fulfilmentId"),
        (None, "/attributes/items/0"),
    ],
)
def test_attributes_that_are_no_fulfilment_updates(
    stocked: Client, entry: Document, pointer: str
) -> None:
    assert_refused(stocked, ASYNC, updates(entry), pointer, "expected")


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("ref", 100),
        ("type", 50),
        ("status", 50),
        ("inventoryId", 100),
        ("uom", 255),
        ("expectedOn", 255),
    ],
)
def test_a_text_of_a_record_that_is_too_long(stocked: Client, name: str, longest: int) -> None:
    fits = batch(record("A", "L", 10, **{name: "x" * longest}))
    assert stocked.post(BATCH, fits).status_code == 200
    stocked.settle()

    over = batch(record("A", "L", 10, **{name: "x" * (longest + 1)}))
    expected = f"at most {longest} characters (it has {longest + 1})"
    assert_refused(stocked, BATCH, over, f"/entities/0/{name}", expected)


@pytest.mark.parametrize("name", ["skuRef", "locationRef"])
@pytest.mark.parametrize("length", [101, 10_000])
def test_a_ref_of_a_record_that_is_too_long(stocked: Client, name: str, length: int) -> None:
    document = batch(record("A", "L", 10) | {name: "x" * length})
    [(_, message)] = assert_refused(
        stocked, BATCH, document, f"/entities/0/{name}", "at most 100 characters"
    )
    assert len(message) < 300


@pytest.mark.parametrize("length", [100, 101])
def test_a_position_ref_may_have_100_characters(stocked: Client, length: int) -> None:
    product = "x" * (length - len(":L:DEFAULT"))
    if length == 100:
        stocked.load([record(product, "L", 5)], job="1")
        assert stocked.on_hand(product, "L") == 5
    else:
        assert_refused(
            stocked, BATCH, batch(record(product, "L", 5)), "/entities/0/skuRef", "101", "100"
        )
        assert_refused(
            stocked,
            ASYNC,
            deltas(delta(product, "L", 5, "d")),
            "/attributes/deltas/0/productRef",
            "101",
            "100",
        )


@pytest.mark.parametrize("length", [100, 101])
def test_a_delta_id_may_have_100_characters(stocked: Client, length: int) -> None:
    document = deltas(delta("A", "L", 5, "d" * length))
    if length == 100:
        assert stocked.send(document)["eventStatus"] == "SUCCESS"
    else:
        assert_refused(stocked, ASYNC, document, "/attributes/deltas/0/deltaId", "at most 100")


@pytest.mark.parametrize("name", ["name", "entityRef", "entityType", "entitySubtype", "accountId"])
def test_a_text_of_an_event_that_is_too_long(stocked: Client, name: str) -> None:
    document = deltas(delta("A", "L", 5, "d")) | {name: "x" * 101}
    assert_refused(stocked, ASYNC, document, f"/{name}", "at most 100 characters")


@pytest.mark.parametrize("length", [1, 255, 256])
def test_a_job_name_may_have_255_characters(stocked: Client, length: int) -> None:
    document = {"name": "x" * length, "retailerId": "1"}
    if length < 256:
        assert stocked.post(JOB, document).status_code == 200
    else:
        assert_refused(stocked, JOB, document, "/name", "at most 255 characters")


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


@pytest.mark.parametrize(
    "job_id",
    ["2", "0", "-1", "01", "1.0", "x", "1 ", "%31%30", "9" * 30, "٣", "１", "a%2Fb", "%00", "é"],  # noqa: RUF001
)
def test_an_unknown_job(stocked: Client, job_id: str) -> None:
    before = footprint(stocked)

    refusals(stocked.post(f"/api/v4.1/job/{job_id}/batch", batch_text()), 404)
    for rest in ("", "/batch/1", "/results"):
        [(code, message)] = refusals(stocked.get(f"/api/v4.1/job/{job_id}{rest}"), 404)
        assert code == "404"
        assert message
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("batch_id", ["2", "0", "01", "x", "9" * 30])
def test_an_unknown_batch(stocked: Client, batch_id: str) -> None:
    [(code, message)] = refusals(stocked.get(f"{BATCH}/{batch_id}"), 404)

    assert code == "404"
    assert f"Job 1 has no batch '{batch_id}'" in message


def test_the_batch_of_another_job(stocked: Client) -> None:
    other = stocked.job()
    batch_id = stocked.load([record("B", "L", 1)], job=other)

    [(code, _)] = refusals(stocked.get(f"{BATCH}/{batch_id}"), 404)
    assert code == "404"
    assert stocked.batch(batch_id, job=other)["status"] == "COMPLETE"


@pytest.mark.parametrize("status", ["400", "404"])
def test_a_closed_job(make_simulator: MakeSimulator, clock: VirtualClock, status: str) -> None:
    client = Client(make_simulator(clock=clock, job_closed_status=status))
    client.job()
    clock.advance(12 * HOUR)

    assert_refused(
        client, BATCH, batch_text(), "Job 1 is CLOSED", "create a new job", status=int(status)
    )


TWO_RETAILERS = Settings(seed_data="none", retailers=("1", "2"))

RETAILER_FORMS = [
    ("3", "InvalidInput"),
    ("0", "InvalidInput"),
    ('"3"', "InvalidInput"),
    ("1.0", "InvalidInput"),
    ("1e0", "InvalidInput"),
    ('"01"', "InvalidInput"),
    ('" 1"', "InvalidInput"),
    ('"1 "', "InvalidInput"),
    ('"１"', "InvalidInput"),  # noqa: RUF001
    ('"DEFAULT:1"', "InvalidInput"),
    ("-1", "400"),
    ("1.5", "400"),
    ("true", "400"),
    ("[]", "400"),
    ("[1]", "400"),
    ("{}", "400"),
    ('""', "400"),
    ('"' + "1" * 21 + '"', "400"),
    ("18446744073709551616", "400"),
]


@pytest.mark.parametrize(("form", "code"), [*RETAILER_FORMS, ("null", "NotNull")])
def test_a_retailer_that_is_none(stocked: Client, form: str, code: str) -> None:
    job_body = f'{{"name":"x","retailerId":{form}}}'.encode()
    event_body = json.dumps(deltas(delta("A", "L", 1, "d"), retailerId="?")).encode()
    for path, body in ((JOB, job_body), (ASYNC, event_body), (SYNC, event_body)):
        text = body.replace(b'"?"', form.encode())
        assert_refused(stocked, path, text, "'retailerId' is", "/retailerId", "expected", code=code)


@pytest.mark.parametrize(("form", "_code"), RETAILER_FORMS)
def test_a_record_of_no_such_retailer(stocked: Client, form: str, _code: str) -> None:
    before = footprint(stocked)

    listed = refusals(stocked.post(BATCH, batch_text("5", f',"retailerId":{form}')))

    assert [message for _, message in listed if "/entities/0/retailerId" in message]
    assert len(listed) == 1
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("form", ["1", '"1"'])
def test_a_retailer_as_text_or_as_a_number(client: Client, form: str) -> None:
    job = client.post(JOB, f'{{"name":"x","retailerId":{form}}}'.encode())
    loaded = client.post(BATCH, batch_text("5", f',"retailerId":{form}'))
    client.settle()
    text = delta_text("2").replace(b'"retailerId": "1"', f'"retailerId": {form}'.encode())
    sent = client.post(SYNC, text)

    assert [reply.status_code for reply in (job, loaded, sent)] == [200, 200, 200]
    assert client.on_hand("A", "L") == 7
    assert client.get("/api/v4.1/job/1").json["retailerId"] == "1"  # type: ignore[index]


@pytest.mark.parametrize("path", [JOB, ASYNC, SYNC])
def test_a_retailer_that_is_not_named(stocked: Client, path: str) -> None:
    document: Document = {"name": "x"}
    if path != JOB:
        document = without(deltas(delta("A", "L", 1, "d")), "retailerId")
    fragments = ("'retailerId' is required", "/retailerId is missing")
    assert_refused(stocked, path, document, *fragments, code="NotNull")


@pytest.mark.parametrize("form", ["2", '"2"'])
def test_a_record_of_another_retailer_than_its_job(
    make_simulator: MakeSimulator, form: str
) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    client.job(retailer=1)
    body = batch_text("5", f',"retailerId":{form}')

    assert_refused(
        client, BATCH, body, f"/entities/0/retailerId found {form}", "the job's retailer, 1"
    )


@pytest.mark.parametrize("path", [ASYNC, SYNC])
@pytest.mark.parametrize("entity", [{"entityRef": "DEFAULT:2"}, {"entityId": "2"}, {"entityId": 2}])
def test_an_event_for_the_catalogue_of_another_retailer(
    make_simulator: MakeSimulator, path: str, entity: Document
) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    other = client.job(retailer=2)
    client.load([record("A", "L", 10)], job=other)
    document = without(deltas(delta("A", "L", -1, "d")), "entityRef") | entity

    before = footprint(client)
    listed = refusals(client.post(path, document))
    client.settle()

    assert f"/{next(iter(entity))}" in listed[0][1]
    assert "retailer 1" in listed[0][1]
    assert footprint(client) == before


def test_a_batch_for_the_catalogue_of_another_retailer(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=TWO_RETAILERS))
    client.job(retailer=1)

    assert_refused(
        client, BATCH, batch_text(catalogueRef='"DEFAULT:2"'), "/catalogueRef", "DEFAULT:1"
    )


@pytest.mark.parametrize(
    ("ref", "expected"), [('"DEFAULT:9"', "DEFAULT:1"), ('""', "1 to 100"), ("5", "1 to 100")]
)
def test_a_catalogue_that_does_not_exist(stocked: Client, ref: str, expected: str) -> None:
    body = batch_text(catalogueRef=ref)
    assert_refused(stocked, BATCH, body, f"/catalogueRef found {ref}", expected)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("action", '"CREATE"', '"UPSERT"'),
        ("action", '"upsert"', '"UPSERT"'),
        ("entityType", '"PRODUCT"', '"INVENTORY"'),
        ("entityType", '"inventory"', '"INVENTORY"'),
        ("entityType", "[]", '"INVENTORY"'),
        ("source", "5", "text of 1 to 100 characters"),
        ("event", '""', "text of 1 to 100 characters"),
        ("conditions", "[]", "an object"),
        ("conditions", "5", "an object"),
        ("entities", "null", "a list"),
        ("entities", "{}", "a list"),
        ("entities", '"x"', "a list"),
    ],
)
def test_a_wrong_envelope(stocked: Client, name: str, value: str, expected: str) -> None:
    body = batch_text(**{name: value})
    assert_refused(stocked, BATCH, body, f"at /{name} found {value}", f"expected {expected}")


@pytest.mark.parametrize("name", ["action", "entityType", "entities"])
def test_an_envelope_that_lacks_something(stocked: Client, name: str) -> None:
    document = without(batch(record("A", "L", 5)), name)
    assert_refused(stocked, BATCH, document, f"'{name}' is required", f"/{name} is missing")


@pytest.mark.parametrize("name", ["skuRef", "locationRef", "qty"])
def test_a_record_that_lacks_something(stocked: Client, name: str) -> None:
    document = batch(record("B", "L", 5), without(record("A", "L", 5), name))
    where = f"/entities/1/{name} is missing"
    assert_refused(stocked, BATCH, document, f"'{name}' is required", where)


@pytest.mark.parametrize("name", ["name", "entityType"])
def test_an_event_that_lacks_something(stocked: Client, name: str) -> None:
    document = without(deltas(delta("A", "L", 1, "d")), name)
    assert_refused(stocked, ASYNC, document, f"'{name}' is required", f"/{name} is missing")


def test_an_event_without_an_entity(stocked: Client) -> None:
    document = without(deltas(delta("A", "L", 1, "d")), "entityRef")
    [(_, message)] = assert_refused(stocked, ASYNC, document, "entityRef")
    assert "entityId" in message


@pytest.mark.parametrize("account", ["OTHER", "fctrain1001"])
def test_an_event_of_another_account(stocked: Client, account: str) -> None:
    document = deltas(delta("A", "L", 1, "d"), accountId=account)
    assert_refused(stocked, ASYNC, document, f'/accountId found "{account}"', "FCTRAIN1001")


@pytest.mark.parametrize(
    "path",
    [
        "/api",
        "/api/",
        "/api/v4.1",
        "/api/v4/job",
        "/api/v4.1/jobs",
        "/api/v4.1/job/1/batch/1/results",
        "/api/v4.1/event/x/y",
        "/API/v4.1/job",
        "/",
        "//",
        "//api/v4.1/job",
        "/api//v4.1/job",
        "/oauth",
        "/__admin",
        "/__admin/nope",
        "/nope\x00%ff",
        "/api/%ff%fe",
        "/%2e%2e/etc/passwd",
        "/" + "x" * 5000,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
def test_an_unknown_path(stocked: Client, path: str, method: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.open(path, method=method, headers=stocked.headers)

    [(code, message)] = refusals(reply, 404)
    assert code == "404"
    assert len(message) < 300
    assert_goes_on(stocked, before)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (JOB, "POST"),
        (f"{JOB}/1", "GET"),
        (BATCH, "POST"),
        (f"{BATCH}/1", "GET"),
        (f"{JOB}/1/results", "GET"),
        ("/api/v4.1/event", "GET"),
        ("/oauth/token", "POST"),
        ("/__admin/reset", "POST"),
        ("/__admin/positions", "GET"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"])
def test_an_unknown_method(stocked: Client, path: str, allowed: str, method: str) -> None:
    before = footprint(stocked)

    reply = stocked.http.open(path, method=method, headers=stocked.headers)

    [(code, message)] = refusals(reply, 405)
    assert code == "405"
    assert method in message
    assert allowed in message
    assert allowed in reply.headers["Allow"]
    assert_goes_on(stocked, before)


def test_every_fault_of_a_batch_is_listed(stocked: Client) -> None:
    document = batch(
        record("A", "L", -1),
        record("B", "L", 5),
        record("", "L", "5"),
        record("A", "L", 1.0, retailerId=2),
        action="DELETE",
    )

    listed = [message for _, message in refusals(stocked.post(BATCH, document))]

    pointers = [
        "/action",
        "/entities/0/qty",
        "/entities/2/skuRef",
        "/entities/2/qty",
        "/entities/3/qty",
        "/entities/3/retailerId",
    ]
    for pointer in pointers:
        assert sum(f"at {pointer} found" in message for message in listed) == 1, pointer
    assert len(listed) == len(pointers)


@pytest.mark.parametrize(("bad", "more"), [(99, None), (100, None), (101, "1"), (5000, "4,900")])
def test_the_list_of_faults_is_bounded(stocked: Client, bad: int, more: str | None) -> None:
    records = [record("A", "L", -1) for _ in range(bad)]
    before = footprint(stocked)

    listed = [message for _, message in refusals(stocked.post(BATCH, batch(*records)))]

    assert f"/entities/{min(bad, 100) - 1}/qty" in listed[min(bad, 100) - 1]
    if more is None:
        assert len(listed) == bad
    else:
        assert len(listed) == 101
        assert listed[-1] == f"... and {more} more faults; the first 100 are listed"
    assert_goes_on(stocked, before)


@pytest.mark.parametrize("count", [101, 5000])
def test_the_faults_of_an_event_are_bounded_too(stocked: Client, count: int) -> None:
    document = deltas(*(delta("A", "L", 0, f"d{index}") for index in range(count)))

    listed = [message for _, message in refusals(stocked.post(ASYNC, document))]

    assert len(listed) == 101
    assert listed[-1].startswith(f"... and {count - 100:,} more faults")


def test_one_bad_record_keeps_the_others_of_its_batch_out(stocked: Client) -> None:
    document = batch(record("A", "L", 1), record("NEW", "L", 5), record("A", "M", -1))

    assert_refused(stocked, BATCH, document, "/entities/2/qty")


def test_one_bad_delta_keeps_the_others_of_its_event_out(stocked: Client) -> None:
    document = deltas(delta("A", "L", 1, "d1"), delta("A", "L", 1.5, "d2"))

    assert_refused(stocked, ASYNC, document, "/attributes/deltas/1/qty")


@pytest.mark.parametrize("name", ["qty", "skuRef"])
def test_unknown_fields_can_be_refused(make_simulator: MakeSimulator, name: str) -> None:
    client = Client(make_simulator(schema_unknown_fields="refuse"))
    client.job()
    wrong = name + "X"

    assert_refused(client, BATCH, batch_text("5", f',"{wrong}":1'), f"/entities/0/{wrong}")


def test_refuse_record_applies_the_sound_ones(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(batch_invalid_record="refuse_record"))
    client.job()
    batch_id = client.load(
        [record("A", "L", 5), record("B", "L", -1), record("C", "L", 1.0), record("D", "L", 6)],
        job="1",
    )

    status = client.batch(batch_id)

    assert [row["responseCode"] for row in status["results"]] == ["200", "500", "500", "200"]
    assert "/entities/1/qty found -1" in status["results"][1]["message"]
    assert "entityId" not in status["results"][1]
    assert [position["productRef"] for position in client.positions()] == ["A", "D"]
    assert status["status"] == "COMPLETE"


@pytest.mark.parametrize(
    "query", ["start=-1", "start=x", "count=0", "count=-5", "count=1.5", "count=9" + "9" * 40]
)
@pytest.mark.parametrize(
    "path", [f"{JOB}/1", f"{BATCH}/1", "/api/v4.1/event", "/__admin/positions"]
)
def test_a_page_that_is_none(stocked: Client, path: str, query: str) -> None:
    reply = stocked.http.get(f"{path}?{query}", headers=stocked.headers)

    [(_, message)] = refusals(reply)
    name, _, text = query.partition("=")
    assert f"?{name} found '{text}" in message
    assert "whole number" in message
