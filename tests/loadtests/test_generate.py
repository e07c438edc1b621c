"""`fluent-sim generate`: the files that it writes, and what they must lead to."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fluent_oms_simulator.cli import main
from fluent_oms_simulator.loadtests.generation.generating import generate
from fluent_oms_simulator.loadtests.generation.plan import Plan
from fluent_oms_simulator.loadtests.ledger.ledger import Ledger
from fluent_oms_simulator.loadtests.traffic.payloads import (
    PayloadSettings,
    batch_body,
    delta_event_body,
)
from fluent_oms_simulator.loadtests.traffic.shop import Shop
from fluent_oms_simulator.loadtests.traffic.steady import events_for_rate
from fluent_oms_simulator.loadtests.traffic.trade_events import Position

from ..conftest import MakeSimulator
from ..support import Client

SMALL = ("--products", "40", "--locations", "4", "--seed", "7")
DIGEST_OF_A_SMALL_DAY = "ecb7b1f07288aaf60a16898515f2b2608cebb4dff22564fe9b74c392d1c93e41"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["generate", *map(str, arguments)])


def manifest_of(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return manifest


def expected_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "expected.ndjson").read_bytes().splitlines()]


def payloads_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Each payload with the part that it belongs to, in the order of sending."""
    for path in sorted((folder / "payloads").rglob("*")):
        if path.is_dir():
            continue
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        if ".ndjson" in path.name:
            part = path.name.partition(".")[0]
            yield from ((part, line) for line in content.splitlines())
        else:
            yield path.parent.name, content


@pytest.mark.parametrize("what", ["day", "deltas", "full-load"])
@pytest.mark.parametrize("form", ["files", "ndjson"])
def test_the_validator_finds_nothing_wrong(tmp_path: Path, what: str, form: str) -> None:
    count = () if what == "full-load" else ("--count", "400")
    made = run(what, *SMALL, *count, "--out", tmp_path, "--format", form)
    checked = CliRunner().invoke(main, ["validate", str(tmp_path / "payloads")])

    assert made.exit_code == 0, made.output
    assert checked.exit_code == 0, checked.output


@pytest.mark.parametrize("zipped", [(), ("--gzip",)])
@pytest.mark.parametrize("form", ["files", "ndjson"])
def test_every_form_holds_the_same_payloads(
    tmp_path: Path, form: str, zipped: tuple[str, ...]
) -> None:
    run("day", *SMALL, "--count", 300, "--out", tmp_path, "--format", form, *zipped)
    payloads = [body for _, body in payloads_of(tmp_path)]

    assert hashlib.sha256(b"".join(payloads)).hexdigest() == DIGEST_OF_A_SMALL_DAY
    assert manifest_of(tmp_path)["sha256"] == DIGEST_OF_A_SMALL_DAY


def test_payloads_with_the_fields_of_quantities_break_no_rule(tmp_path: Path) -> None:
    made = run("day", *SMALL, "--count", 300, "--quantity-fields", "--out", tmp_path)
    strictly = ("--fail-on", "warning", "--select", "FOMS-B")
    checked = CliRunner().invoke(main, ["validate", str(tmp_path / "payloads"), *strictly])

    assert made.exit_code == 0, made.output
    assert checked.exit_code == 0, checked.output


def test_the_fields_of_quantities_come_beside_the_same_counts(tmp_path: Path) -> None:
    run("full-load", *SMALL, "--out", tmp_path / "plain")
    for name in ("one", "other"):
        run("full-load", *SMALL, "--quantity-fields", "--out", tmp_path / name)
    plain, one, other = (
        [
            record
            for _, body in payloads_of(tmp_path / name)
            for record in json.loads(body)["entities"]
        ]
        for name in ("plain", "one", "other")
    )
    counts = [record for record in one if "type" not in record]
    orders = {record["type"] for record in one if "type" in record}

    assert one == other
    assert [{**record, "attributes": None} for record in counts] == [
        {**record, "attributes": None} for record in plain
    ]
    assert all(record["attributes"]["segment1"] for record in counts)
    assert orders == {"ON_ORDER", "IN_TRANSIT"}
    assert expected_of(tmp_path / "one") == expected_of(tmp_path / "plain")


def test_another_seed_gives_other_payloads(tmp_path: Path) -> None:
    run("day", *SMALL, "--count", 300, "--seed", 8, "--out", tmp_path)

    assert manifest_of(tmp_path)["sha256"] != DIGEST_OF_A_SMALL_DAY


def test_the_same_seed_gives_the_same_files_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "other"):
        run("deltas", *SMALL, "--count", 200, "--out", tmp_path / name, "--gzip")
    one, other = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
        for name in ("one", "other")
    )

    assert one == other


def test_the_manifest_says_what_is_in_the_parts(tmp_path: Path) -> None:
    run("day", *SMALL, "--count", 500, "--out", tmp_path)
    manifest = manifest_of(tmp_path)
    counted: dict[str, list[int]] = {}
    for part, body in payloads_of(tmp_path):
        payload = json.loads(body)
        entries = payload.get("entities") or payload["attributes"]["deltas"]
        counted.setdefault(part, []).append(len(entries))

    assert [part["part"] for part in manifest["parts"]] == list(counted)
    assert [(part["payloads"], part["entries"]) for part in manifest["parts"]] == [
        (len(entries), sum(entries)) for entries in counted.values()
    ]
    assert manifest["payloads"] == sum(map(len, counted.values()))
    assert manifest["parts"][0]["name"] == "opening"
    assert manifest["positions"] == manifest["parts"][0]["entries"]


def test_the_manifest_names_the_command_and_the_locations(tmp_path: Path) -> None:
    out = tmp_path / "a folder"
    run("deltas", *SMALL, "--count", 10, "--out", out, "--gzip")
    manifest = manifest_of(out)

    assert manifest["command"].endswith(
        f"generate deltas --products 40 --locations 4 --seed 7 --count 10 --out '{out}' --gzip"
    )
    assert [place["locationRef"] for place in manifest["locations"]] == [
        f"LOC000{number}" for number in range(1, 5)
    ]
    assert all(place["name"] for place in manifest["locations"])


@pytest.mark.parametrize("more", [(), ("--quantity-fields",)])
@pytest.mark.parametrize("what", ["day", "deltas", "full-load"])
def test_a_simulator_that_is_sent_it_all_holds_what_is_expected(
    tmp_path: Path, make_simulator: MakeSimulator, what: str, more: tuple[str, ...]
) -> None:
    count = () if what == "full-load" else ("--count", "400")
    run(what, *SMALL, *count, "--out", tmp_path, "--retailer", "1", *more)
    client = Client(make_simulator())
    last = ""
    for part, body in payloads_of(tmp_path):
        if part != last:
            client.settle()
            job = client.job() if "deltas" not in part else ""
        path = f"/api/v4.1/job/{job}/batch" if job else "/api/v4.1/event/async"
        assert client.post(path, body).status_code == 200
        last = part
    client.settle()
    expected = expected_of(tmp_path)

    assert {row["ref"]: row["onHand"] for row in client.positions()} == {
        row["ref"]: row["onHand"] for row in expected
    }
    assert len(expected) == manifest_of(tmp_path)["positions"]


def test_the_ledger_that_is_written_expects_the_same(tmp_path: Path) -> None:
    run("day", *SMALL, "--count", 300, "--out", tmp_path)
    ledger = Ledger.read(tmp_path / "ledger.ndjson")

    for row in expected_of(tmp_path):
        expectation = ledger.expectation(Position(row["productRef"], row["locationRef"]))
        assert expectation.is_exact
        assert expectation.on_hand == row["onHand"]


def test_batches_hold_at_most_five_thousand_records(tmp_path: Path) -> None:
    run("full-load", "--products", 400, "--locations", 30, "--coverage", 1, "--out", tmp_path)
    sizes = [len(json.loads(body)["entities"]) for _, body in payloads_of(tmp_path)]

    assert sizes == [5000, 5000, 2000] * 2


def test_a_duration_makes_as_many_deltas_as_its_rate_says(tmp_path: Path) -> None:
    run("deltas", *SMALL, "--duration", 3, "--rate", 100, "--out", tmp_path)
    deltas = manifest_of(tmp_path)["parts"][1]

    assert deltas["entries"] == pytest.approx(300, abs=60)
    assert deltas["lastDue"] == pytest.approx(3, abs=0.5)


def test_the_change_rate_is_how_many_records_of_the_second_load_differ(tmp_path: Path) -> None:
    run("full-load", "--products", 500, "--change-rate", 0.5, "--out", tmp_path)
    first, second = (json.loads(body)["entities"] for _, body in payloads_of(tmp_path))
    differ = sum(one != other for one, other in zip(first, second, strict=True))

    assert differ / len(first) == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("day", "--count", "5", "--duration", "5"), "--count or --duration"),
        (("full-load", "--count", "5"), "no --count"),
        (("full-load", "--duration", "5"), "no --duration"),
    ],
)
def test_what_contradicts_itself_is_refused(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    result = run(*arguments, "--out", tmp_path / "out")

    assert result.exit_code == 2
    assert words in result.output
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    result = run("deltas", "--out", tmp_path)

    assert result.exit_code == 2
    assert "is not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("deltas", "--out", tmp_path / "file" / "under")

    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_an_interruption_says_that_the_payloads_are_not_complete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("fluent_oms_simulator.cli.generate.generate", interrupted)
    result = run("deltas", "--out", tmp_path)

    assert result.exit_code == 130
    assert "not complete" in result.output


def test_payloads_name_the_account_the_retailer_and_the_catalogue(tmp_path: Path) -> None:
    settings = PayloadSettings("ACME", "7", "STOCK:7")
    plan = Plan("deltas", 1, 5, 2, 0.5, 10, settings=settings)
    generate(plan, tmp_path, "ndjson", False, "")
    batch, event, *_ = (json.loads(body) for _, body in payloads_of(tmp_path))

    assert (batch["catalogueRef"], batch["entities"][0]["retailerId"]) == ("STOCK:7", "7")
    assert (event["accountId"], event["retailerId"]) == ("ACME", "7")
    assert (event["entityRef"], event["entitySubtype"]) == ("STOCK:7", "STOCK")


def test_a_retry_has_the_same_bytes() -> None:
    event = next(events_for_rate(Shop(1, 5, 2), 10))

    assert delta_event_body(event) == delta_event_body(event._replace(repeat_of=1, due=9))


def test_a_job_asks_for_no_preprocessing_only_where_it_is_told_to() -> None:
    assert "catalogueRef" not in json.loads(batch_body(Shop(1, 5, 2).opening))
