"""Refs that no product, location or change can have: found where nothing else can be meant."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from fluent_oms_simulator.contracts.all_rules import RULES, select
from fluent_oms_simulator.contracts.checking import Checker
from fluent_oms_simulator.contracts.rules.ref_flaws import any_flawed, flaw_of
from fluent_oms_simulator.contracts.rules.rule import (
    Batch,
    Event,
    Finding,
    Job,
    Observation,
    Severity,
)
from fluent_oms_simulator.contracts.rules.samples import (
    a_batch,
    a_delta,
    a_delta_event,
    a_record,
    an_item,
    an_update_event,
)
from hypothesis import given
from hypothesis import strategies as st

from .helpers.streaming import batch, event, found

UNFILLED = (
    *("${sku}", "SKU-${sku.id}", "{{location_ref}}", "{{$guid}}", "%SKU%", "%(sku)s"),
    *("{sku}", "<SKU_REF>", "{your_sku}", "$SKU", "#{product.ref}", "<%= sku %>"),
    *("undefined", "SKU-undefined", "[object Object]", "A-[object Object]", "Invalid Date"),
    *(
        "########",
        "UNDEFINED",
        "Undefined",
        "unDefined",
        "SKU-Undefined",
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#NUM!",
    ),
    *("#NULL!", "#ERROR!", "#WERT!", "#NV", "00000000-0000-0000-0000-000000000000"),
    *("$(sku)", "@{variables('sku')}", "[[sku]]", "$env:SKU", "%s", "{ean}", "<gtin>"),
    *("%7B%7Bsku%7D%7D", "$%7Bsku%7d", "{order.line.sku}", "SKU-{row['sku']}", "{item_id}"),
    *("com.acme.Sku@7a81197d", "A-java.lang.Object@15db9742", "[B@4e25154f"),
    *("[Ljava.lang.String;@1b6d3586", "com.acme.Outer$Sku@1c2d3e", "<class 'NoneType'>"),
    *("<shop.Sku object at 0x7f12ab34>", "<function sku at 0x7f>", "#<Sku:0x000055d5>"),
    *("System.Object", "System.String[]", "System.DBNull", "Optional.empty"),
    *("System.Collections.Generic.List`1[System.String]", "[Function]", "[Function: sku]"),
)
NO_VALUE = (
    *("null", "NULL", "(null)", "<null>", "None", "NaN", "nan", "nil", "N/A", "<NA>"),
    "\\N",
)
SPREADSHEET = (
    *("1.23457E+12", "1,23457E+12", "5E+07", "1.23457e+12", "1.23457E12", "100200300.0"),
    *("Mar-05", "05-Mar", "5-Mar", "1-Jan", "05. Mrz", "5. Mrz", "Mrz 05", "05-mars"),
    *("2005-03-05 00:00:00", '="00123"', "Gr\ufffd\ufffde 42"),
)
INVISIBLE = (
    *("\ufeffSKU_1", "SKU_1\ufeff", "SKU\u200b_1", "SKU\u00a0_1", "SKU\u00ad_1"),
    *("\u202aSKU_1\u202c", "SKU\u2060_1", "SKU\u2009_1", "SKU\u2028_1", "SKU\u3164_1"),
    *("SKU\u200d_1", "SKU_1\ufe0f", "\u2066SKU_1", "Größe\u00a042", "e\u200b\u0301"),
)
FINE = (
    *("A/B", "A//B", "/A", "//", "a b", "A:B", ":", "::", "ü", "Größe 42 日本", "😀", ".."),
    *(".", "-", "../x", "%2F", "100%", "50%-60%", "a+b", "a?b=c", "a#b", "#1", "#A1"),
    *("a&b;c", '"quoted"', "back\\slash", "e\u0301", "DEFAULT", "A:L:DEFAULT", "$5", "US$"),
    *("{7}", "{}", "<3", "<>", "[1]", "MAR-05", "MAR05", "05MAR", "mar-05", "1-2", "3/4"),
    *("MARS-5", "2026-03-05", "May", "Mar", "5-May-XL", "12E34", "1E5", "4E-05", "1.5E3"),
    *("2.0", "10.0", "1.0E", "E+12", "007", "0", "00", "1e5", "NAN", "NIL", "NONE", "Null"),
    *("NA", "na", "Nan", "nullable", "cola-null", "UNDEFINEDX", "undefinedx", "banana"),
    *("vanilla", "None of these", "null 5", "Infinity", "true", "object", "[object]"),
    *("DATE", "❤️", "👨‍👩‍👧", "1️⃣", "می‌خواهم", "क्‍ष", "商品　1", "©️", "Ω", "\U0001f6d2-1"),
    *("ﬁ-1", "½", "º", "01F9ZQ1E8X", "e5b1c1a0-0000-4000-8000-000000000000", "0000-0000"),
    *("SKU_ID", "ref", "id", "sku", "'00123", "#", "##", "###", "5'", '15"', "=1", "N"),
    *("n.a.", "tbd", "?", "*", "sku@7a81", "a.b@example.com", "a.B@1", "@home", "A@1"),
    *("[A]", "[[", "]]", "System.X", "Systems", "Optional", "%5", "%S", "$(5)", "{1.5}"),
    *("{a}", "{XL}", "[Functional]", "10%s", "com.acme", "#<3", "<b>"),
    "x" * 100,
)


def check(sent: Batch | Event | Job) -> list[Finding]:
    findings: list[Finding] = Checker(RULES).check(sent)
    return findings


def told(sent: Batch | Event | Job) -> list[tuple[str, str, Severity]]:
    return [(f.rule_id, f.pointer, f.severity) for f in check(sent)]


@pytest.mark.parametrize(
    ("refs", "rule", "severity"),
    [
        (UNFILLED, "FOMS-B270", Severity.ERROR),
        (NO_VALUE, "FOMS-B280", Severity.WARNING),
        (INVISIBLE, "FOMS-B290", Severity.WARNING),
        (SPREADSHEET, "FOMS-B300", Severity.WARNING),
    ],
)
def test_a_ref_that_none_can_be_is_found_in_every_field_of_a_batch(
    refs: tuple[str, ...], rule: str, severity: Severity
) -> None:
    for ref in refs:
        for name in ("skuRef", "locationRef", "ref"):
            sent = a_batch(a_record(), a_record(**{"skuRef": "SKU_2", name: ref}))
            assert told(sent) == [(rule, f"/entities/1/{name}", severity)], ref
        if ":" not in ref:
            [(told_rule, at, _)] = told(a_batch(a_record(), catalogueRef=f"DEFAULT:{ref}"))
            assert (told_rule, at) == (rule, "/catalogueRef"), ref


@pytest.mark.parametrize(
    ("refs", "rule", "severity"),
    [
        (UNFILLED, "FOMS-E410", Severity.ERROR),
        (NO_VALUE, "FOMS-E420", Severity.WARNING),
        (INVISIBLE, "FOMS-E440", Severity.WARNING),
        (SPREADSHEET, "FOMS-E450", Severity.WARNING),
    ],
)
def test_a_ref_that_none_can_be_is_found_in_every_field_of_an_event(
    refs: tuple[str, ...], rule: str, severity: Severity
) -> None:
    for ref in refs:
        for name in ("productRef", "locationRef"):
            sent = a_delta_event(a_delta(), a_delta(**{"deltaId": "POS7-0002", name: ref}))
            pointer = f"/attributes/deltas/1/{name}"
            assert told(sent) == [(rule, pointer, severity)], ref
        for name in ("skuRef", "locationRef", "fulfilmentId"):
            pointer = f"/attributes/items/0/{name}"
            sent = an_update_event(an_item(**{name: ref}))
            assert told(sent) == [(rule, pointer, severity)], ref
        for name in ("entityRef", "rootEntityRef"):
            rules = told(a_delta_event(a_delta(), **{name: ref, "rootEntityType": "X"}))
            assert (rule, f"/{name}", severity) in rules, ref
        for name in ("entityId", "rootEntityId"):
            sent = a_delta_event(a_delta(), **{name: ref})
            assert told(sent) == [(rule, f"/{name}", severity)], ref


@pytest.mark.parametrize(
    "delta_id",
    [*UNFILLED, *NO_VALUE, "null-null", "undefined_null", "None:None:nan"],
)
def test_a_delta_id_that_every_delta_without_one_has_is_an_error(delta_id: str) -> None:
    sent = a_delta_event(a_delta(), a_delta(deltaId=delta_id, locationRef="LOC_2"))

    assert told(sent) == [("FOMS-E430", "/attributes/deltas/1/deltaId", Severity.ERROR)]


@pytest.mark.parametrize("delta_id", ["null-0001", "None-7", "banana", "nan-0", "POS7-nil-2", "-"])
def test_a_delta_id_that_may_be_the_only_one_is_left_alone(delta_id: str) -> None:
    assert told(a_delta_event(a_delta(deltaId=delta_id))) == []


def test_a_delta_id_with_something_invisible_is_a_warning() -> None:
    for delta_id, rule in (("POS\u200b7", "FOMS-E440"), ("1.23457E+12", "FOMS-E450")):
        [(found_rule, _, severity)] = told(a_delta_event(a_delta(deltaId=delta_id)))
        assert (found_rule, severity) == (rule, Severity.WARNING)


@pytest.mark.parametrize("ref", FINE)
def test_an_odd_ref_that_may_be_meant_is_left_alone(ref: str) -> None:
    ours = select(["FOMS-B2", "FOMS-B3", "FOMS-E4", "FOMS-J030"])
    for sent in (
        a_batch(a_record(skuRef=ref, ref=ref), a_record(locationRef=ref), catalogueRef=f"D:{ref}"),
        a_delta_event(a_delta(productRef=ref, locationRef=ref), entityRef=ref, rootEntityRef=ref),
        an_update_event(an_item(skuRef=ref, locationRef=ref, fulfilmentId=ref)),
        Job({"name": ref, "retailerId": "1"}),
    ):
        assert [f for f in Checker(ours).check(sent) if f.rule_id != "FOMS-B230"] == [], ref


def test_what_is_found_says_what_it_is() -> None:
    [finding] = check(a_batch(a_record(skuRef="SKU\u200b_1")))

    assert finding.found == '"SKU\u200b_1", U+200B (zero width space) in it'
    [finding] = check(a_batch(a_record(skuRef="#N/A")))
    assert finding.found == '"#N/A", the error value of a spreadsheet'


@pytest.mark.parametrize("name", ["${jobName}", "undefined", "null", "Load {{date}}"])
def test_a_job_named_by_nobody_is_told(name: str) -> None:
    told_of = told(Job({"name": name, "retailerId": "1"}))

    assert told_of == [("FOMS-J030", "/name", Severity.WARNING)]


@pytest.mark.parametrize("value", [None, 5, True, [], {}, [None], {"a": "${b}"}, 1.5])
def test_refs_that_are_no_text_are_left_to_the_schema(value: Any) -> None:
    ours = select(["FOMS-B27", "FOMS-B28", "FOMS-B29", "FOMS-B3", "FOMS-E4", "FOMS-S010"])
    checker = Checker(ours)
    names = ("skuRef", "locationRef", "ref", "productRef", "deltaId", "fulfilmentId")
    row = dict.fromkeys(names, value)
    for _ in range(2):
        assert checker.check(a_batch(row, {}, catalogueRef=value)) == []
        assert checker.check(a_delta_event(row, {}, entityRef=value, rootEntityRef=value)) == []
        assert checker.check(an_update_event(row, {})) == []


def test_a_text_as_long_as_a_body_is_looked_through_once() -> None:
    openings = ("<%", "{{", "@{", "[[a", "{a.b", "%7B%7B", "$%7B", "<a at 0x", "a.", "System.a")
    texts = [opening * (400_000 // len(opening)) + "@" for opening in openings]
    body = "\n".join(json.dumps(a_delta_event(a_delta(productRef=text)).document) for text in texts)

    # Less than a second; one that begins anew at every opening takes an hour.
    validated = subprocess.run(
        [sys.executable, "-m", "fluent_oms_simulator", "validate", "-"],
        input=body.encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )

    assert validated.returncode == 1


odd_texts = st.sampled_from([*UNFILLED, *NO_VALUE, *SPREADSHEET, *INVISIBLE, *FINE])


@given(st.lists(odd_texts | st.text(max_size=12), min_size=1, max_size=6))
def test_the_quick_look_misses_nothing(refs: list[str]) -> None:
    if any(flaw_of(ref) for ref in refs if "\n" not in ref):
        assert any_flawed(refs)


# -- two spellings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [
        ("SKU_1", "sku_1", "case"),
        ("SKU_1", "Sku_1", "case"),
        ("GRÖSSE", "größe", "case"),
        ("Caf\u00e9", "Cafe\u0301", "Unicode normalisation"),
        ("\uff11\uff12", "12", "Unicode normalisation"),
        ("CAF\u00c9", "cafe\u0301", "case and Unicode normalisation"),
        ("00123", "123", "leading zeros"),
        ("0", "000", "leading zeros"),
    ],
)
def test_one_ref_in_two_spellings_is_told_once(first: str, second: str, difference: str) -> None:
    for one, other in ((first, second), (second, first)):
        stream: list[Observation] = [
            batch((one, "LOC_1", 5)),
            event(("A1", other, "LOC_1", -1)),
        ] * 3

        [finding] = found("FOMS-S010", stream)
        assert finding.pointer == "/attributes/deltas/0/productRef"
        assert finding.found.endswith(f"only in {difference}")
        [finding] = found("FOMS-S010", [batch((one, "L", 1), (other, "L", 1))])
        assert finding.pointer == "/entities/1/skuRef"


def test_locations_in_two_spellings_are_told_as_well() -> None:
    stream = [
        batch(("A", "Paris", 5)),
        batch(("A", "PARIS", 5), ("B", "LYON", 1), ("C", "Lyon", 1)),
    ]

    [finding] = found("FOMS-S010", stream)
    assert finding.pointer == "/entities/0/locationRef"
    assert finding.found == '"PARIS", which differs from "Paris" only in case (and 1 more refs)'
    assert found(
        "FOMS-S010", [an_update_event(an_item(locationRef="l1"), an_item(locationRef="L1"))]
    )


@pytest.mark.parametrize(
    "refs",
    [
        ("SKU-01", "SKU-1", "SKU1"),
        ("aB3xZ", "Ab3xZ", "aB3Xz"),
        ("A", "B", "0A", "00A"),
        ("1", "2", "10", "100", "20"),
        ("Straße", "Strase"),
        ("", "0"),
    ],
)
def test_refs_that_may_well_be_different_ones_are_left_alone(refs: tuple[str, ...]) -> None:
    assert not found("FOMS-S010", [batch(*((ref, "LOC_1", 5) for ref in refs))] * 2)


def test_a_product_may_be_called_like_a_location_and_retailers_may_differ() -> None:
    other = Batch(batch(("sku_1", "LOC_1", 5)).document, None, "2")

    assert not found("FOMS-S010", [batch(("A", "a", 5)), batch(("SKU_1", "LOC_1", 5)), other])


def test_spellings_are_remembered_over_a_large_catalogue() -> None:
    stream = [batch(*((f"S{part}_{n}", "LOC_1", 5) for n in range(5000))) for part in range(9)]

    [finding] = found("FOMS-S010", [*stream, batch(("s0_7", "LOC_1", 5))])
    assert '"S0_7"' in finding.found
