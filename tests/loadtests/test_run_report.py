"""A run's result survives its file, and its reports tell everything that is in it, escaped."""

from __future__ import annotations

import io
import math
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fluent_oms_simulator.loadtests.reporting import result_file
from fluent_oms_simulator.loadtests.reporting.charts import (
    Chart,
    Line,
    histogram_chart,
    line_chart,
)
from fluent_oms_simulator.loadtests.reporting.histogram import Histogram
from fluent_oms_simulator.loadtests.reporting.html_report import html_report
from fluent_oms_simulator.loadtests.reporting.load_pages import LOAD_PAGES
from fluent_oms_simulator.loadtests.reporting.result_file import NotAResultError
from fluent_oms_simulator.loadtests.reporting.run_result import (
    AuditResult,
    Discrepancy,
    DiscrepancyKind,
    ObjectiveResult,
    RunResult,
    Sample,
    Totals,
)
from fluent_oms_simulator.loadtests.reporting.text_report import show
from fluent_oms_simulator.loadtests.reporting.verdict import Verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from .helpers.run_results import clean_run, run_result, run_results

VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})
NASTY = "</pre><script>alert('x')</script>&amp;\"'[bold]"


class Page(HTMLParser):
    """The text of a page, whether its tags match, and what it would fetch or run."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.fetched: list[str] = []
        self.feed(source)
        self.close()
        assert self.open == [], "tags that were not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [
            f"{name}={value}"
            for name, value in attrs
            if name in ("src", "href", "srcset", "xlink:href") or name.startswith("on")
        ]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """Everything that a reader sees."""
        return "\n".join(self.texts)


def shown(result: RunResult, width: int = 100) -> str:
    """What a terminal shows."""
    output = io.StringIO()
    show(result, Console(file=output, width=width, color_system=None))
    return output.getvalue()


def markup(chart: Chart) -> str:
    """What stands in a page for a chart."""
    return LOAD_PAGES.drawn("chart.html", chart=chart)


def svg_of(chart: Chart) -> ElementTree.Element:
    """The SVG of a chart; fails unless it is well-formed."""
    svg_in_html = markup(chart)
    start, end = svg_in_html.index("<svg"), svg_in_html.index("</svg>") + 6
    return ElementTree.fromstring(svg_in_html[start:end])


@settings(deadline=None)
@given(run_results)
def test_a_result_is_read_as_it_was_written(result: RunResult) -> None:
    assert result_file.from_json(result_file.to_json(result)) == result


def test_a_result_is_read_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_bytes(result_file.to_json(run_result()))

    assert result_file.read(path) == run_result()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is not JSON"),
        ("{}".encode("utf-16"), "found text that looks like UTF-16 at line 1 column 1."),
        (b"\xef\xbb\xbf{}", "found a byte order mark at line 1 column 1."),
        (b"[]", "not the result of a load run"),
        (b'{"name":"x"}', "not the result of a load run"),
        (b'{"scenario":"delta","version":99}', "it has version 99; this program reads 2 and 1"),
        (b'{"scenario":"delta","version":1}', r"at `\$`: object missing required field `url`"),
        (
            b'{"scenario":"delta","version":1,"series":3}',
            r"at `\$\.series`: expected `array`, got `int`",
        ),
        (
            b'{"scenario":"delta","version":1,"totals":{"errors":"many"}}',
            r"at `\$\.totals\.errors`: expected `int`, got `str`",
        ),
        (
            b'{"scenario":"delta","version":1,"objectives":[{"met":1}]}',
            r"at `\$\.objectives\[0\]\.met`: expected `bool \| null`, got `int`",
        ),
    ],
)
def test_what_is_no_result_file_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "found.json"
    path.write_bytes(content)

    with pytest.raises(NotAResultError, match=sentence) as refused:
        result_file.read(path)
    assert str(path) in str(refused.value)


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotAResultError, match="cannot be read: No such file"):
        result_file.read(tmp_path / "none.json")


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "points",
    [
        [(0.0, 0.0)],
        [(1.0, 5.0)],
        [(0.0, 0.0), (1.0, 0.0)],
        [(float(t), math.nan if t % 2 else t * 1e12) for t in range(9)],
        [(float(t), 1e-9 * t) for t in range(9)],
        [(t / 10, float(t % 997)) for t in range(200_000)],
        [(0.0, 5e-324), (1.0, 5e-324)],
        [(0.0, 1.7e308), (1.0, 1.7e308)],
    ],
    ids=["origin", "one point", "zeros", "gaps", "tiny", "long", "least float", "highest float"],
)
def test_any_series_makes_a_chart_inside_its_frame(
    points: list[tuple[float, float]], log: bool
) -> None:
    chart = line_chart("Rate", "a second", [Line("<deltas>", points)], log=log)

    svg = svg_of(chart)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    lines = [each for each in svg.iter() if {"line", "dot"} & set(each.get("class", "").split())]
    assert len(lines) == 1
    if lines[0].tag == "path":
        steps = lines[0].attrib["d"].removeprefix("M").split("L")
        places = [tuple(map(float, step.split())) for step in steps]
    else:
        places = [(float(lines[0].attrib["cx"]), float(lines[0].attrib["cy"]))]
    assert len(places) <= 300
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places)
    assert len(markup(chart)) < 20_000
    assert "&lt;deltas&gt;" in markup(chart)


@pytest.mark.parametrize("points", [[], [(0.0, math.nan)], [(math.inf, 1.0)]])
def test_a_chart_of_nothing_says_so(points: list[tuple[float, float]]) -> None:
    chart = line_chart("Rate", "a second", [Line("deltas", points)])

    assert "Nothing was measured" in markup(chart)
    assert "<svg" not in markup(chart)


def test_the_highest_value_stays_in_a_thinned_chart() -> None:
    points = [(float(t), 1.0) for t in range(10_000)]
    points[5_003] = (5_003.0, 80.0)

    summary = svg_of(line_chart("Rate", "a second", [Line("deltas", points)])).attrib["aria-label"]

    assert "up to 80.0" in summary


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e8), min_size=1, max_size=200))
def test_the_bars_of_a_histogram_hold_everything(values: list[float]) -> None:
    svg = svg_of(histogram_chart("visible", Histogram.of(values)))

    titles = [each.findtext("title", "") for each in svg.iter("rect") if each.get("class") == "bar"]
    assert sum(int(title.split()[0].replace(",", "")) for title in titles) == len(values)
    assert len(titles) <= 61


def test_the_report_tells_every_number_of_the_run() -> None:
    page = Page(html_report(run_result()))

    text = page.text
    for name in Totals.__dataclass_fields__:
        assert f"{getattr(run_result().totals, name):,}" in page.texts, name
    for number in (1_703, 1_704, 1_705, 1_801, 101, 501, 402, 3_002, 301):
        assert f"{number:,}" in page.texts, number
    for number in (71_001, 71_002, 1_706, 1_707, 1_708):
        assert f"{number:,}" in text, number
    for word in (
        "mixed", "http://127.0.0.1:41234", "01 Jan 2026 12:00:00 UTC", "70707", "4 s",
        "fluent-sim load mixed --rate 500 --seed 70707", "3.11.9", "Linux-6.1", "16", "2.37.1",
        "23", "511", "0.31", "False", "81.3 ms", "6.24 ms", "delta.visible.p99<250ms",
        "SKU-77", "LOC-78", "-79 once", "nothing", "delta-80", "event 81", "HTTP 503",
        "The generator fell behind 82 times.", "17.09 s", "every event of 83",
        "8,401", "8,402", "8,403", "87.5 ms", "a reason of 88",
    ):  # fmt: skip
        assert word in text, word


def test_the_report_begins_with_the_verdict() -> None:
    bad = Page(html_report(run_result())).text
    good = Page(html_report(clean_run())).text

    assert "Missed: 1 of 2 objectives missed; 1,703 of 71,002 acknowledged deltas lost" in bad
    assert "Met: the objective is met; of 20 acknowledged deltas none lost, none doubled." in good
    assert "missed" not in good


def test_a_run_that_lost_something_has_failed_whatever_its_speed() -> None:
    fast = run_result(objectives=(ObjectiveResult("deltas>500/s", "9,000/s", True),))

    assert fast.verdict is Verdict.MISSED
    assert 'class="verdict bad"' in html_report(fast)
    assert 'class="verdict good"' in html_report(clean_run())


def test_the_report_is_one_file_that_fetches_and_runs_nothing() -> None:
    source = html_report(run_result())
    page = Page(source)

    assert page.fetched == []
    assert not {"script", "link", "iframe", "img"} & set(page.tags)
    assert "url(" not in source
    assert "@import" not in source
    assert "prefers-color-scheme: dark" in source


def test_nothing_in_a_result_can_become_part_of_the_page() -> None:
    nasty = run_result(
        scenario=NASTY,
        url=NASTY,
        command=NASTY,
        settings={NASTY: NASTY},
        errors={NASTY: 1},
        latencies={NASTY: Histogram.of([1.0])},
        series=(Sample(1.0, 1.0, latency={NASTY: {"p50": 1.0}}),),
        objectives=(ObjectiveResult(NASTY, NASTY, False),),
        audit=AuditResult(
            lost=1, examples=(Discrepancy(DiscrepancyKind.LOST, *[NASTY] * 7),)
        ),
        notes=(NASTY,),
    )  # fmt: skip

    page = Page(html_report(nasty))

    assert "script" not in page.tags
    assert page.text.count(NASTY) >= 16
    assert NASTY in shown(nasty)


def test_what_a_server_says_cannot_steer_a_terminal() -> None:
    sly = run_result(errors={"\x1b]0;title\x07\x1b[2J": 1}, notes=("\x9b31m",))

    assert not {"\x1b", "\x9b", "\x07"} & set(shown(sly))


@settings(max_examples=40, deadline=None)
@given(run_results)
def test_any_result_has_reports(result: RunResult) -> None:
    Page(html_report(result))
    assert shown(result)


@pytest.mark.slow
def test_a_long_run_has_a_report_of_bounded_size() -> None:
    series = tuple(
        Sample(float(t), 1.0, t % 700, latency={"accept": {"p50": 1.0 + t % 9}})
        for t in range(50_000)
    )

    source = html_report(run_result(series=series))

    assert len(source) < 200_000
    assert "one of each 125" in source


def test_the_terminal_shows_verdict_figures_and_examples() -> None:
    text = shown(run_result())

    assert text.rstrip().endswith("1,704 deltas doubled, 1,705 of 71,001 positions wrong.")
    for word in ("91,005", "delta.accept.p95<5ms", "SKU-77 at LOC-78", "event 81", "HTTP 503"):
        assert word in text, word
    assert "and 5,111 more" in text


def test_an_audit_that_could_not_wait_longer_says_so() -> None:
    hasty = run_result(audit=AuditResult(positions=1, settled=False))

    assert "still changing" in shown(hasty)
    assert "still changing" in html_report(hasty)


def test_a_run_without_an_audit_says_so() -> None:
    unaudited = run_result(audit=None)

    assert "has not been audited" in shown(unaudited)
    assert "has not been audited" in Page(html_report(unaudited)).text
