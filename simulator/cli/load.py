"""`fluent-sim load`: how much does this server sustain, and was anything lost?"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from ..client.manners import CREDENTIALS
from ..console.credentials import credentials
from ..console.named_file import fault_of_named_file
from ..console.refusal import Refusal
from ..console.report_folder import REPORT_FILES
from ..console.reports import report_folder, report_options
from ..console.saying import say_lines
from ..console.spans import span
from ..console.standard_streams import reason
from ..console.terminal import console, redraws

if TYPE_CHECKING:
    from fluent_oms_simulator.loadtests.traffic.load_options import LoadOptions

SCENARIOS = {
    "delta": "delta events at a steady rate",
    "delta-burst": "the same, two seconds' worth at once",
    "full-load": "full loads, one after the other",
    "mixed": "delta events while full loads run",
    "soak": "delta events for an hour, a full load every five minutes",
    "ramp": "the highest rate that still meets the objectives",
    "day": "a day of a shop, compressed",
}
FOLDER_HELP = (
    "Where to write result.json, report.html, report.xml (JUnit), report.sarif and summary.md"
    " (Markdown): a folder without a report, unless there is --overwrite."
    "  [default: load-results/<time>-<scenario>]"
)
FORMATS_OF_COMPARISONS = ("text", "json", "markdown")
SECRET = ("client_secret", "password")
MASTER_PORT = 5557


class _Load(click.Group):
    """A scenario, or `compare`; each has options of its own."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Scenarios"):
            formatter.write_dl(list(SCENARIOS.items()))
        with formatter.section("Commands"):
            formatter.write_dl([("compare A B", "Set two results side by side.")])


@click.group(name="load", cls=_Load)
def command() -> None:
    """Load a server with retail traffic, and find out whether anything was lost.

    Each scenario has --help. Exit code 0: the objectives are met, and nothing is lost, doubled or
    wrong. 1: that is not so. 2: that could not be found out, such as when what makes the load fell
    so far behind that an objective cannot be judged. 130, 143, 129: interrupted, terminated, the
    terminal closed. Unless an objective says how many errors there may be, it is 1 %.
    """


def _count(flag: str, help_text: str, default: int | None = None, at_least: int = 1) -> Any:
    shown = default is not None
    return click.option(
        flag, type=click.IntRange(at_least), default=default, show_default=shown, help=help_text
    )


def _number(flag: str, help_text: str) -> Any:
    kind = click.FloatRange(0, min_open=True)
    return click.option(flag, type=kind, default=None, metavar="N", help=help_text)


OPTIONS = (
    click.option("--url", metavar="URL", help="The server; without it a simulator is started."),
    credentials("FLUENT_LOAD_", None),
    _number("--rate", "Deltas a second; for ramp, the first rate that is tried.  [default: 100]"),
    click.option(
        "--duration",
        type=span,
        metavar="TIME",
        help="How long: 30s, 5m, 1h.  [default: depends on the scenario]",
    ),
    _count("--users", "How many requests with delta events can be under way at once.", 32),
    _count("--at-once", "How many batches are under way at once.", 2),
    _count("--products", "Products of the shop.", 200),
    _count("--locations", "Locations of the shop.", 10),
    click.option(
        "--coverage",
        type=click.FloatRange(0, 1, min_open=True),
        default=0.3,
        show_default=True,
        help="The share of products that a location has.",
    ),
    click.option("--seed", type=int, default=1, show_default=True, help="Decides the traffic."),
    click.option(
        "--objective",
        "objectives",
        multiple=True,
        metavar="TEXT",
        help="What must hold, such as 'delta.visible.p99<250ms', 'deltas>500/s',"
        " 'records>20000/s', 'batch.complete.p95<5s', 'errors<0.1%', 'lost=0'. May be given again.",
    ),
    _count("--workers", "Processes that make the load; 0 is one that does it all.", 0, 0),
    click.option("--master", is_flag=True, help="Lead --workers from other machines."),
    click.option("--worker", is_flag=True, help="Make load for a run that is led elsewhere."),
    click.option(
        "--master-host",
        default="127.0.0.1",
        metavar="HOST",
        help="Where a run is led: the address that --master listens on and --worker connects to.",
    ),
    click.option(
        "--master-port",
        type=click.IntRange(1, 65_535),
        default=MASTER_PORT,
        show_default=True,
        help="The port that --master listens on and --worker connects to.",
    ),
    click.option(
        "--prefix",
        default="",
        metavar="TEXT",
        help="What the names of products begin with; default random.",
    ),
    _number("--max-rate", "Most requests a second; default 5 where the server is no simulator."),
    click.option("--yes", is_flag=True, help="Write to a server that is no simulator, unasked."),
    click.option(
        "--keep", is_flag=True, help="Leave stock on a server that is no simulator as it is."
    ),
    click.option(
        "--grace",
        type=click.FloatRange(1),
        default=None,
        metavar="SECONDS",
        help="How long after its duration a run may take to wind up.",
    ),
    report_options(FOLDER_HELP),
)


def _scenario(name: str, summary: str) -> click.Command:
    """The command of one scenario."""

    def callback(**given: Any) -> None:
        sys.exit(_run(name, given))

    callback.__doc__ = summary[0].upper() + summary[1:] + "."
    for option in reversed(OPTIONS):
        callback = option(callback)
    return click.command(name=name)(callback)


for _name, _summary in SCENARIOS.items():
    command.add_command(_scenario(_name, _summary))


def _run(scenario: str, given: dict[str, Any]) -> int:
    from fluent_oms_simulator.loadtests.running import supervise
    from fluent_oms_simulator.loadtests.traffic.load_options import CannotRunError

    yes, master, worker = given.pop("yes"), given.pop("master"), given.pop("worker")
    host, port = given["master_host"], given.pop("master_port")
    if master and worker:
        raise Refusal("fluent-sim load: --master and --worker exclude each other")
    if master and not given["workers"]:
        raise Refusal("fluent-sim load: --master takes --workers, the number to wait for")
    options = _options(scenario, given)
    try:
        if worker:
            return supervise.work(options, host, port)
        return supervise.run(
            options,
            given=[name for name in CREDENTIALS if given.get(name)],
            agree=lambda told: yes or _confirm(told),
            port=port if master else None,
        )
    except CannotRunError as fault:
        raise Refusal(f"fluent-sim load: {fault}") from None


def _options(scenario: str, given: dict[str, Any]) -> LoadOptions:
    from fluent_oms_simulator.loadtests.traffic import load_options as options_of

    defaults = options_of.SCENARIOS[scenario]
    values = {name: value for name, value in given.items() if value is not None}
    values.setdefault("rate", defaults.rate)
    values.setdefault("duration", defaults.duration)
    positions = values["products"] * values["locations"] * values["coverage"]
    values.setdefault("grace", options_of.GRACE + positions / options_of.POSITIONS_A_SECOND)
    values["report_dir"] = str(values.get("report_dir", ""))
    live = values["form"] == "text" and sys.stderr is not None and redraws(sys.stderr)
    return options_of.LoadOptions(scenario=scenario, command=_repeat(scenario), live=live, **values)


def _repeat(scenario: str) -> str:
    """What to type to run the same again, without what nobody should read."""
    context = click.get_current_context()
    words = ["fluent-sim", "load", scenario]
    for parameter in context.command.params:
        name = parameter.name or ""
        if name in SECRET or context.get_parameter_source(name) != ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        for each in value if isinstance(value, tuple) else (value,):
            words += [parameter.opts[0]] if each is True else [parameter.opts[0], str(each)]
    return shlex.join(words)


def _confirm(told: str) -> bool:
    """Ask the person at the keyboard; where there is none, that is a no."""
    say_lines(told)
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refusal(
            "fluent-sim load: nobody can be asked here, so nothing was sent: give --yes to agree"
        )
    return click.confirm("Go on?", err=True)


@command.command(name="compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it as one HTML file as well.",
)
@report_options(
    "Where to write report.json, report.html and summary.md (Markdown) as well.",
    "the file of --html",
)
def compare(
    first: Path,
    second: Path,
    html: Path | None,
    form: str,
    report_dir: Path | None,
    overwrite: bool,
) -> None:
    """Set two results side by side: each figure, their ratio, and what else differs.

    Each is a result file, or the folder that a run was written to.
    """
    if form not in FORMATS_OF_COMPARISONS:
        raise Refusal(
            f"fluent-sim load compare: --format: found {form}, expected one of"
            f" {', '.join(FORMATS_OF_COMPARISONS)}: a comparison has no verdict, which the others"
            " are for"
        )
    if html and (why := fault_of_named_file("--html", html, overwrite=overwrite)):
        raise Refusal(f"fluent-sim load compare: {why}")
    folder = report_folder(report_dir, overwrite=overwrite)
    from fluent_oms_simulator.loadtests.reporting import compare as comparing
    from fluent_oms_simulator.loadtests.reporting import comparison_files as written
    from fluent_oms_simulator.loadtests.reporting import result_file as files

    try:
        found = comparing.compare(files.read(first), files.read(second))
    except files.NotAResultError as fault:
        raise Refusal(f"fluent-sim load compare: {fault}") from None
    if folder is not None:
        folder.write(REPORT_FILES["json"], written.json_comparison(found))
        folder.write(REPORT_FILES["html"], written.html_comparison(found))
        folder.write(REPORT_FILES["markdown"], written.markdown_comparison(found))
    unwritten: Refusal | None = None
    if html is not None:  # before it is told, as whoever reads may have gone by then
        try:
            html.write_text(written.html_comparison(found), encoding="utf-8")
        except OSError as fault:
            why = f"--html: {html} cannot be written: {reason(fault)}"
            unwritten = Refusal(f"fluent-sim load compare: {why}")
    if form == "text":
        comparing.show(found, console(markup=True))
    elif form == "json":
        click.echo(written.json_comparison(found), nl=False)
    else:
        click.echo(written.markdown_comparison(found), nl=False)
    if unwritten is not None:
        raise unwritten
