"""The benchmarks: their arithmetic, the bytes they send, and one short run of the command."""

import math
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from fluent_oms_simulator.loadtests.benchmarks import bench_payloads, runner
from fluent_oms_simulator.loadtests.benchmarks.figures import (
    Report,
    Target,
    growth,
    percentile,
    ratio,
)
from fluent_oms_simulator.loadtests.benchmarks.output import as_json, shown
from fluent_oms_simulator.loadtests.server.processes import can_pin
from fluent_oms_simulator.loadtests.server.raw_client import content_length, request_bytes


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (0.07, 7), (1, 100), (0.001, 1)]
)
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: float) -> None:
    hundred = [float(value) for value in range(100, 0, -1)]

    assert percentile(hundred, share) == expected


def test_the_median_of_two_is_the_lower_by_nearest_rank() -> None:
    assert percentile([4.0, 2.0], 0.5) == 2.0


@pytest.mark.parametrize("share", [0.0, -0.1, 1.1])
def test_a_share_outside_its_range_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        percentile([1.0], share)


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_ratio_without_a_base_is_not_a_number() -> None:
    assert ratio(3.0, 2.0) == 1.5
    assert math.isnan(ratio(3.0, 0.0))


def test_growth_looks_at_the_last_third_only() -> None:
    filling_up_then_level = [*range(18), *[20.0] * 9]
    rising_to_the_end = [float(value) for value in range(27)]

    assert growth(filling_up_then_level) == 0
    assert growth(rising_to_the_end) == 6
    with pytest.raises(ValueError, match="nine"):
        growth([1.0] * 8)


@pytest.mark.parametrize(
    ("value", "sense", "verdict"),
    [
        (0.5, "at least", "reached"),
        (0.49, "at least", "missed"),
        (0.5, "at most", "reached"),
        (0.51, "at most", "missed"),
        (math.nan, "at least", "missed"),
        (math.nan, "at most", "missed"),
    ],
)
def test_a_target_is_reached_or_missed(value: float, sense: str, verdict: str) -> None:
    target = Target("share", value, 0.5, "at least" if sense == "at least" else "at most")

    assert target.verdict == verdict


def test_a_report_becomes_json_with_its_medians_and_verdicts() -> None:
    report = Report("speed", "how fast")
    report.add("ours", "requests/s", [3.0, 1.0, 2.0])
    report.aim("fast enough", 2.0, "at least", 1.0)

    document = orjson.loads(orjson.dumps(as_json(report)))

    sample, target = document["samples"][0], document["targets"][0]
    assert (sample["median"], sample["min"], sample["max"]) == (2.0, 1.0, 3.0)
    assert sample["values"] == [3.0, 1.0, 2.0]
    assert target["verdict"] == "reached"


@pytest.mark.parametrize(
    ("value", "text"),
    [(123456.7, "123,457"), (12.345, "12.35"), (0.01234, "0.0123"), (math.nan, "-")],
)
def test_numbers_are_shown_with_the_digits_that_matter(value: float, text: str) -> None:
    assert shown(value) == text


def test_every_delta_event_is_as_long_and_has_ids_of_its_own() -> None:
    first, second = bench_payloads.delta_event(1), bench_payloads.delta_event(2**40)
    deltas = [
        delta for body in (first, second) for delta in orjson.loads(body)["attributes"]["deltas"]
    ]

    assert len(first) == len(second)
    assert len({delta["deltaId"] for delta in deltas}) == 6
    for position, effect in bench_payloads.EFFECT.items():
        place = position.split(":")[1]
        assert 2 * effect == sum(item["qty"] for item in deltas if item["locationRef"] == place)


def test_a_full_load_names_every_position_once_and_repeats_by_its_seed() -> None:
    bodies = list(bench_payloads.full_load(products=120, locations=100, seed=3))
    records = [record for body in bodies for record in orjson.loads(body)["entities"]]

    assert [len(orjson.loads(body)["entities"]) for body in bodies] == [5000, 5000, 2000]
    assert len({(record["skuRef"], record["locationRef"]) for record in records}) == 12_000
    assert all(0 <= record["qty"] <= 5000 for record in records)
    assert bodies == list(bench_payloads.full_load(products=120, locations=100, seed=3))
    assert bodies != list(bench_payloads.full_load(products=120, locations=100, seed=4))


def test_a_request_is_complete_to_the_last_byte() -> None:
    request = request_bytes("http://127.0.0.1:4141", "/somewhere", b"{}", "a-token")
    head, _, body = request.partition(b"\r\n\r\n")

    assert head.split(b"\r\n")[:3] == [
        b"POST /somewhere HTTP/1.1",
        b"Host: 127.0.0.1:4141",
        b"Authorization: Bearer a-token",
    ]
    assert content_length(head) == len(body) == 2


def test_every_benchmark_has_a_module_of_its_name() -> None:
    folder = Path(runner.__file__).parent

    assert [name for name in runner.BENCHMARKS if not (folder / f"{name}.py").is_file()] == []


def test_the_command_to_repeat_a_run_names_what_was_run() -> None:
    module = "-m fluent_oms_simulator.loadtests.benchmarks"

    assert runner.command(list(runner.BENCHMARKS), quick=False).endswith(module)
    assert runner.command(["memory"], quick=True).endswith(f"{module} --only memory --quick")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "aims"), [("delta_events", 2), ("cores", int(can_pin())), ("many_connections", 2)]
)
def test_deltas_are_measured_to_the_last_one(name: str, aims: int) -> None:
    """Each fails where stock on hand is not the sum of what was sent."""
    report = runner.run(name, quick=True)

    assert report.name == name
    assert len(report.targets) == aims
    assert all(value > 0 for sample in report.samples for value in sample.values)


@pytest.mark.slow
def test_the_command_measures_and_writes_its_figures(tmp_path: Path) -> None:
    module = "fluent_oms_simulator.loadtests.benchmarks"
    file = tmp_path / "deep" / "figures.json"
    options = ["--quick", "--only", "startup", "--json", str(file)]

    done = subprocess.run(
        [sys.executable, "-m", module, *options],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "160"},
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "first answer" in done.stdout
    document = orjson.loads(file.read_bytes())
    assert [benchmark["name"] for benchmark in document["benchmarks"]] == ["startup"]
    assert document["environment"]["cpus"] == os.cpu_count()
    assert "--only startup --quick" in document["command"]
