"""Virtual segments: which part of the stock a virtual position is for.

SCHEMA is Fluent's GraphQL schema documentation of createVirtualPosition and updateVirtualPosition:
100 at most unless configured; an update leaves, removes or replaces them.
"""

from typing import Any

import pytest

from ..support import Client
from .helpers.support import ask, nodes
from .helpers.virtual_shop import Shop, mutate, open_shop, refused

BASE = {"ref": "BASE:HD"}
SELECTION = "segments { type value }"
AUSTRALIA, JAPAN = ({"type": "COUNTRY", "value": country} for country in ("AU", "JP"))
WEB = {"type": "CHANNEL", "value": "WEB"}


@pytest.fixture
def shop(client: Client) -> Shop:
    return open_shop(client)


def many(count: int) -> list[dict[str, str]]:
    return [{"type": "BATCH", "value": str(number)} for number in range(count)]


def update(shop: Shop, ref: str = "D45:MEL", **given: object) -> Any:
    return mutate(shop.client, "updateVirtualPosition", SELECTION, ref=ref, catalogue=BASE, **given)


def shown(shop: Shop, ref: str = "D45:MEL") -> object:
    query = f'{{ virtualPosition(ref: "{ref}", catalogue: {{ref: "BASE:HD"}}) {{ {SELECTION} }} }}'
    return ask(shop.client, query)["virtualPosition"]["segments"]


def test_a_position_has_no_segments_until_it_is_given_some(shop: Shop) -> None:
    assert shown(shop) == []


@pytest.mark.parametrize(
    ("source", "given", "left"),
    [
        ("SCHEMA: omitted", {}, [AUSTRALIA, WEB]),
        ("SCHEMA: null", {"segments": None}, [AUSTRALIA, WEB]),
        ("SCHEMA: an empty list", {"segments": []}, []),
        ("SCHEMA: values", {"segments": [JAPAN]}, [JAPAN]),
        ("as in all lists", {"segments": [None, JAPAN, None]}, [JAPAN]),
    ],
)
def test_an_update_leaves_removes_or_replaces_segments(
    shop: Shop, source: str, given: dict[str, Any], left: object
) -> None:
    update(shop, segments=[AUSTRALIA, WEB])

    assert update(shop, status="AT_RISK", **given) == {"segments": left}, source
    assert shown(shop) == left


def test_a_created_position_has_the_segments_it_was_given(shop: Shop) -> None:
    given = {"ref": "GIFT", "catalogue": BASE, "type": "OWN", "quantity": 1}
    made = mutate(shop.client, "createVirtualPosition", SELECTION, **given, segments=[WEB, JAPAN])

    assert made == {"segments": [WEB, JAPAN]}
    assert shown(shop, "GIFT") == [WEB, JAPAN]


def test_segments_stay_when_the_stock_changes_and_do_not_change_it(shop: Shop) -> None:
    update(shop, segments=[WEB])
    shop.client.delta("D45", "MEL", 5, "d1")
    query = (
        f'{{ virtualPositions(productRef: "D45") {{ edges {{ node {{ ref {SELECTION} }} }} }} }}'
    )
    rows = {
        row["ref"]: row["segments"] for row in nodes(ask(shop.client, query)["virtualPositions"])
    }

    assert shop.sold("BASE:HD")["D45:MEL"] == 15
    assert (rows["D45:MEL"], rows["D45:SYD"]) == ([WEB], [])


def test_one_hundred_segments_are_kept(shop: Shop) -> None:
    assert update(shop, segments=many(100)) == {"segments": many(100)}


@pytest.mark.parametrize(
    ("segments", "code", "words"),
    [
        (many(101), "C0125E", "/input/segments has 101 segments: expected at most 100"),
        (
            [WEB, JAPAN, WEB],
            "C0123E",
            "/input/segments/2 has the type and the value of /input/segments/0",
        ),
        ([JAPAN, {"type": "", "value": "x"}], "C0125E", "/input/segments/1/type is empty"),
        ([JAPAN, {"type": "x", "value": ""}], "C0125E", "/input/segments/1/value is empty"),
        ([{"type": "T" * 51, "value": "x"}], "C0141E", "/input/segments/0/type"),
        ([{"type": "x", "value": "V" * 256}], "C0141E", "/input/segments/0/value has 256"),
    ],
)
@pytest.mark.parametrize("name", ["createVirtualPosition", "updateVirtualPosition"])
def test_segments_that_make_no_sense_are_refused_and_nothing_is_changed(
    shop: Shop, name: str, segments: object, code: str, words: str
) -> None:
    update(shop, segments=[AUSTRALIA])
    new = {"ref": "NEW", "type": "OWN"} if name.startswith("create") else {"ref": "D45:MEL"}
    refusal = refused(shop.client, name, **new, catalogue=BASE, quantity=7, segments=segments)

    assert refusal[0] == code
    assert words in refusal[1]
    assert shop.sold("BASE:HD") == {"D45:MEL": 10, "D45:SYD": 4}
    assert shown(shop) == [AUSTRALIA]


@pytest.mark.parametrize(
    "segments", [[{"type": "x"}], [{"value": "x"}], [{"type": "x", "value": 1}], "x", [["x"]]]
)
def test_what_is_no_segment_is_refused(shop: Shop, segments: object) -> None:
    key = {"ref": "D45:MEL", "catalogue": BASE}
    code, _ = refused(shop.client, "updateVirtualPosition", **key, segments=segments)

    assert code == "C0140E"
