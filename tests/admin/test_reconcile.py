"""What a source system believes is held against the stock, or against the ledger of deltas."""

from typing import Any

import pytest
from fluent_oms_simulator import Settings
from fluent_oms_simulator.stores.reconcile_sessions import MOST_SESSIONS

from ..conftest import MakeSimulator
from ..support import Client, Document, delta, deltas, limit, record

HEADER = "productRef,locationRef,onHand"
DELTAS = "deltaId,productRef,locationRef,qty"
PLACE = ("D45", "LOC_MEL")


def reconcile(
    client: Client, body: str | bytes, status: int = 200, /, form: str = "text/csv", **query: str
) -> Document:
    data = body.encode() if isinstance(body, str) else body
    reply = client.http.post("/__admin/reconcile", data=data, content_type=form, query_string=query)
    assert reply.status_code == status, reply.get_data(as_text=True)
    answer: Document = reply.get_json()
    return answer


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def request_of(client: Client, **filters: str) -> int:
    found = client.http.get("/__admin/requests", query_string=filters).get_json()["results"]
    return int(found[-1]["id"])


@pytest.fixture
def stocked(client: Client) -> Client:
    """100 loaded, of which 10 and then 5 have gone; and 7 of another product."""
    client.load([record(*PLACE, 100), record("D46", "LOC_MEL", 7)])
    client.send(deltas(delta(*PLACE, -10, "d1")))
    client.send(deltas(delta(*PLACE, -5, "d2")))
    return client


def test_positions_that_agree_are_counted(stocked: Client) -> None:
    answer = reconcile(stocked, lines("D45,LOC_MEL,85", "D46,LOC_MEL,7"))

    assert answer["kind"] == "positions"
    assert answer["catalogueRef"] == "DEFAULT:1"
    assert (answer["lines"], answer["agreeing"]) == (2, 2)
    assert answer["missing"] == answer["different"] == answer["faults"] == []
    assert "extra" not in answer


@pytest.mark.parametrize(("believed", "delta_id"), [(90, "d2"), (100, "d1")])
def test_one_that_differs_is_told_with_the_request_at_which_the_histories_part(
    stocked: Client, believed: int, delta_id: str
) -> None:
    answer = reconcile(stocked, lines("D46,LOC_MEL,7", f"D45,LOC_MEL,{believed}"))

    [different] = answer["different"]
    assert answer["agreeing"] == 1
    assert different["line"] == 3
    assert (different["believed"], different["onHand"]) == (believed, 85)
    assert different["parting"]["request"] == request_of(stocked, deltaId=delta_id)
    assert different["parting"]["before"] == believed
    assert different["why"] is None


def test_what_it_has_never_been_has_no_such_request(stocked: Client) -> None:
    [different] = reconcile(stocked, lines("D45,LOC_MEL,86"))["different"]

    assert different["parting"] is None
    assert different["why"].startswith(
        "It has never been 86 here: they part at one of the 3 changes"
    )


def test_one_that_has_changed_but_once_parts_there(stocked: Client) -> None:
    [different] = reconcile(stocked, lines("D46,LOC_MEL,6"))["different"]

    assert different["parting"]["request"] == request_of(stocked, operation="createBatch")
    assert different["why"] == "It has never been 6 here: they part at the first request."


def test_where_the_history_does_not_reach_back_that_is_said(
    monkeypatch: pytest.MonkeyPatch, make_simulator: MakeSimulator
) -> None:
    limit(monkeypatch, "HISTORY", 1)
    client = Client(make_simulator())
    for amount in (100, 90, 80, 70):
        client.load([record(*PLACE, amount)])

    [different] = reconcile(client, lines("D45,LOC_MEL,100"))["different"]
    assert different["parting"] is None
    assert "known after" in different["why"]


def test_one_that_is_not_here_is_told_with_the_request_that_named_it(stocked: Client) -> None:
    stocked.send(deltas(delta("NONE", "LOC_MEL", -1, "d3")))
    answer = reconcile(stocked, lines("NONE,LOC_MEL,4", "OTHER,LOC_MEL,4"))

    named, unknown = answer["missing"]
    assert (named["line"], named["believed"]) == (2, 4)
    assert named["request"] == request_of(stocked, deltaId="d3")
    assert unknown["request"] is None
    assert unknown["why"] == "No request that is kept has named it."


def test_what_the_upload_does_not_name_is_told_on_request(stocked: Client) -> None:
    answer = reconcile(stocked, lines("D45,LOC_MEL,85"), complete="true")

    [extra] = answer["extra"]
    assert (extra["productRef"], extra["onHand"], answer["extraTotal"]) == ("D46", 7, 1)
    assert extra["parting"]["request"] == request_of(stocked, operation="createBatch")


def test_parts_with_a_session_are_complete_together(stocked: Client) -> None:
    stocked.load([record(f"E{number}", "LOC", 1) for number in range(5)])
    reconcile(stocked, lines("D45,LOC_MEL,85"), session="s", line="2")
    reconcile(stocked, lines("D46,LOC_MEL,7", "E1,LOC,1"), session="s", line="3")
    first = reconcile(stocked, "", session="s", complete="true", count="3")
    rest = reconcile(stocked, "", session="s", complete="true", count="3", start="3")

    assert [one["productRef"] for one in first["extra"]] == ["E0", "E2", "E3"]
    assert (first["extraTotal"], first["hasMore"]) == (4, True)
    assert [one["productRef"] for one in rest["extra"]] == ["E4"]
    assert rest["hasMore"] is False


def test_a_line_that_an_earlier_one_has_named_is_faulty(stocked: Client) -> None:
    here = reconcile(stocked, lines("D45,LOC_MEL,85", "D45,LOC_MEL,85"), session="s", line="2")
    later = reconcile(stocked, lines("D45,LOC_MEL,85"), session="s", line="4")

    assert here["faults"] == [
        {
            "line": 3,
            "column": 1,
            "field": "productRef",
            "found": "D45 at LOC_MEL",
            "expected": "one that line 2 has not named",
        }
    ]
    assert later["faults"][0]["expected"] == "one that an earlier part has not named"


def test_after_a_reset_earlier_parts_are_not_mixed_with_later_ones(stocked: Client) -> None:
    reconcile(stocked, lines("D45,LOC_MEL,85"), session="s", line="2")
    stocked.http.post("/__admin/reset")

    refusal = reconcile(stocked, lines("D46,LOC_MEL,7"), 409, session="s", line="3")
    assert "Begin anew" in refusal["errors"][0]["message"]


def test_the_oldest_sessions_give_way(stocked: Client) -> None:
    for number in range(MOST_SESSIONS + 1):
        reconcile(stocked, lines("D45,LOC_MEL,85"), session=f"s{number}", line="2")

    reconcile(stocked, lines("D46,LOC_MEL,7"), 409, session="s0", line="3")
    assert reconcile(stocked, lines("D46,LOC_MEL,7"), session="s4", line="3")["agreeing"] == 1


@pytest.mark.parametrize(
    ("row", "column", "field", "found", "expected"),
    [
        ("D45,LOC_MEL", 12, "", "2 fields", "3: productRef,locationRef,onHand"),
        ("D45,LOC_MEL,8x", 13, "onHand", '"8x"', "a whole number"),
        ("D45,LOC_MEL,", 13, "onHand", "nothing", "a whole number"),
        ("D45,LOC_MEL,1.5", 13, "onHand", '"1.5"', "a whole number"),
        (",LOC_MEL,1", 1, "productRef", "nothing", "a text that is not empty"),
        ('"D,45",,1', 8, "locationRef", "nothing", "a text that is not empty"),
        ('"D45,LOC_MEL,1', 15, "", "unexpected end of data", "fields with their quotes in pairs"),
        ("D" * 11_000 + ",L,1", 1, "", "11,004 bytes", "at most 10,000 in a line"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_faulty_line_is_told_by_line_and_column_and_the_others_are_judged(
    stocked: Client, row: str, column: int, field: str, found: str, expected: str
) -> None:
    answer = reconcile(stocked, lines("D46,LOC_MEL,7", row, "D45,LOC_MEL,85"))

    assert answer["agreeing"] == 2
    assert answer["faults"] == [
        {"line": 3, "column": column, "field": field, "found": found, "expected": expected}
    ]


def test_what_is_not_utf_8_is_a_fault_of_its_line(stocked: Client) -> None:
    body = lines("D46,LOC_MEL,7").encode() + b"D\xff5,LOC_MEL,1\n"

    [fault] = reconcile(stocked, body)["faults"]
    assert (fault["line"], fault["column"], fault["found"]) == (3, 2, "byte 0xFF")


@pytest.mark.parametrize(
    "body",
    [
        "\ufeff" + lines("D45,LOC_MEL,85"),
        lines('"D45","LOC_MEL","85"'),
        "onHand,locationRef,productRef\r\n85,LOC_MEL,D45\r\n",
        HEADER + "\nD45,LOC_MEL,85",
        HEADER + "\n\nD45,LOC_MEL,85\n\n",
    ],
    ids=["marked", "quoted", "in another order", "without a last line end", "with empty lines"],
)
def test_csv_is_read_as_programs_write_it(stocked: Client, body: str) -> None:
    answer = reconcile(stocked, body)

    assert (answer["agreeing"], answer["faults"]) == (1, [])


@pytest.mark.parametrize(
    ("first", "then", "kind"),
    [
        (
            '{"productRef": "D45"',
            '{"productRef": "D45", "locationRef": "LOC_MEL", "onHand": 100}',
            "positions",
        ),
        (
            '{"deltaId": "d1"',
            '{"deltaId": "d1", "productRef": "D45", "locationRef": "LOC_MEL", "qty": -1}',
            "deltas",
        ),
    ],
)
def test_a_part_of_which_no_line_can_be_read_tells_of_each(
    stocked: Client, first: str, then: str, kind: str
) -> None:
    told = reconcile(stocked, f"{first}\n{first}\n", form="application/x-ndjson", session="s")
    more = reconcile(stocked, f"{then}\n", form="application/x-ndjson", session="s", line="3")

    assert (told["lines"], [fault["line"] for fault in told["faults"]]) == (2, [1, 2])
    assert (more["kind"], more["faults"]) == (kind, [])


def test_ndjson_has_the_same_keys(stocked: Client) -> None:
    body = "\n".join(
        [
            '{"productRef":"D45","locationRef":"LOC_MEL","onHand":85}',
            '{"productRef":"D46","locationRef":"LOC_MEL","onHand":"7"}',
            '{"productRef":"D46","onHand":7}',
            '{"productRef":"D46","locationRef":"LOC_MEL","onHand":7,"x":1}',
            '{"productRef":"D46"',
            "7",
        ]
    )
    answer = reconcile(stocked, body, form="application/x-ndjson")

    assert answer["agreeing"] == 2
    assert [(fault["line"], fault["field"]) for fault in answer["faults"]] == [
        (3, "locationRef"),
        (4, "x"),
        (5, ""),
        (6, ""),
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (
            '{"productRef":"D\u00c45","locationRef":"LOC_MEL","onHand":7}'.encode("latin-1"),
            "byte 0xC4",
        ),
        (
            b'\xef\xbb\xbf{"productRef":"D46","locationRef":"LOC_MEL","onHand":7}',
            "a byte order mark",
        ),
        (b"7", "7"),
    ],
    ids=["another encoding", "a mark", "no object"],
)
def test_what_is_wrong_is_told_where_no_line_can_be_read(
    stocked: Client, line: bytes, found: str
) -> None:
    answer = reconcile(stocked, line, form="application/x-ndjson")

    assert [fault["found"] for fault in answer["faults"]] == [found]
    assert answer["lines"] == 1


def test_deltas_are_held_against_the_ledger(stocked: Client) -> None:
    for amount in (-3, -4):
        stocked.send(deltas(delta(*PLACE, amount, "d3")))
    stocked.send(deltas(delta("NONE", "LOC_MEL", -1, "d4")))
    rows = ("d1,D45,LOC_MEL,-10", "d3,D45,LOC_MEL,-3", "d4,NONE,LOC_MEL,-1", "d5,D45,LOC_MEL,-1")
    answer = reconcile(stocked, lines(*rows, header=DELTAS), complete="true")

    assert (answer["kind"], answer["agreeing"]) == ("deltas", 1)
    [different] = answer["different"]
    assert (different["deltaId"], different["applied"]["qty"]) == ("d3", -4)
    newest = stocked.http.get("/__admin/requests?deltaId=d3").get_json()["results"][0]
    assert different["request"] == newest["id"]
    failed, unknown = answer["missing"]
    assert failed["request"] == request_of(stocked, deltaId="d4")
    assert "does not exist" in failed["why"]
    assert (unknown["request"], unknown["why"]) == (None, "It has not arrived.")
    assert [one["deltaId"] for one in answer["extra"]] == ["d2"]


def test_a_delta_that_was_meant_otherwise_differs_from_its_first_request_on(
    stocked: Client,
) -> None:
    [different] = reconcile(stocked, lines("d1,D45,LOC_MEL,-11", header=DELTAS))["different"]

    assert different["request"] == request_of(stocked, deltaId="d1")


def test_repeats_and_retired_deltas_agree(stocked: Client) -> None:
    stocked.send(deltas(delta(*PLACE, -10, "d1")))
    stocked.load([record(*PLACE, 50)])
    answer = reconcile(stocked, lines("d1,D45,LOC_MEL,-10", header=DELTAS))

    assert answer["agreeing"] == 1


@pytest.mark.parametrize(
    ("body", "query", "expected"),
    [
        ("", {}, "expected lines"),
        ("product,location,qty\n1,2,3\n", {}, f"expected the header {HEADER} or {DELTAS}"),
        (HEADER + "\n" + "a,b,1\n" * 5_001, {}, "at most 5,000 in one part"),
        (lines("D45,LOC_MEL,1"), {"catalogueRef": "X"}, "one that exists: DEFAULT:1"),
        (lines("D45,LOC_MEL,1"), {"line": "0"}, "the number of a line"),
        (lines("D45,LOC_MEL,1"), {"session": "a b"}, "1 to 64 letters"),
        (lines("D45,LOC_MEL,1"), {"complete": "yes"}, "one of false, true"),
        (lines("D45,LOC_MEL,1"), {"sesion": "a"}, "session"),
    ],
    ids=str,
)
def test_what_is_no_upload_is_refused(
    client: Client, body: str, query: dict[str, str], expected: str
) -> None:
    assert expected in reconcile(client, body, 400, **query)["errors"][0]["message"]


@pytest.mark.parametrize(
    "form",
    ["text/plain", "application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
)
def test_a_type_that_a_form_can_send_is_refused(client: Client, form: str) -> None:
    refusal = reconcile(client, lines("D45,LOC_MEL,1"), 415, form=form)

    assert "expected text/csv or application/x-ndjson" in refusal["errors"][0]["message"]


def test_a_page_of_another_site_cannot_ask(client: Client) -> None:
    reply = client.http.post(
        "/__admin/reconcile",
        data=lines("D45,LOC_MEL,1"),
        content_type="text/csv",
        headers={"Origin": "https://example.com"},
    )

    assert reply.status_code == 403


def test_another_catalogue_can_be_meant(make_simulator: MakeSimulator) -> None:
    client = Client(make_simulator(settings=Settings(seed_data="none", retailers=("1", "2"))))
    client.load([record(*PLACE, 3, retailerId="2")], job=client.job(retailer="2"))
    answers: list[Any] = [
        reconcile(client, lines("D45,LOC_MEL,3"), catalogueRef=f"DEFAULT:{retailer}")
        for retailer in ("1", "2")
    ]

    assert [answer["agreeing"] for answer in answers] == [0, 1]
