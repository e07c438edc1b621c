"""`fluent-sim generate`: writes payload files of a made-up retailer."""

import shlex
import sys
from pathlib import Path

import click
from fluent_oms_simulator.loadtests.generation.generating import MANIFEST, PAYLOADS, generate
from fluent_oms_simulator.loadtests.generation.payload_files import FORMATS, NDJSON
from fluent_oms_simulator.loadtests.generation.plan import FULL_LOAD, PLANS, Plan
from fluent_oms_simulator.loadtests.traffic.payloads import PayloadSettings
from fluent_oms_simulator.loadtests.traffic.shop_parameters import ShopParameters

from ..console.interrupts import Ended, ended_by
from ..console.refusal import Refusal
from ..console.saying import say
from ..console.spans import span
from ..console.standard_streams import reason
from ..console.words import Word

DELTAS_A_SECOND = 100.0


@click.command(name="generate")
@click.argument("what", type=Word(PLANS))
@click.option(
    "--products", type=click.IntRange(min=1), default=1000, show_default=True, help="How many."
)
@click.option(
    "--locations", type=click.IntRange(min=1), default=20, show_default=True, help="How many."
)
@click.option(
    "--coverage",
    type=click.FloatRange(min=0, min_open=True, max=1),
    default=0.3,
    show_default=True,
    help="The share of products that a location has.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed, the same bytes."
)
@click.option("--count", type=click.IntRange(min=1), help="About how many deltas  [default: 10000]")
@click.option(
    "--duration",
    type=span,
    metavar="TIME",
    help="In place of --count, with --rate deltas a second.",
)
@click.option(
    "--rate",
    type=click.FloatRange(min=0, min_open=True),
    default=DELTAS_A_SECOND,
    show_default=True,
    help="Deltas a second.",
)
@click.option(
    "--change-rate",
    type=click.FloatRange(min=0, max=1),
    help="The share of positions where the nightly count finds other stock  [default: 0.05]",
)
@click.option("--prefix", default="", help="What every product ref and deltaId begins with.")
@click.option(
    "--account", default=PayloadSettings().account, show_default=True, help="Whose events."
)
@click.option("--retailer", default="1", show_default=True, metavar="ID", help="Whose inventory.")
@click.option(
    "--catalogue", default="", metavar="REF", help="The catalogue  [default: DEFAULT:<retailer>]"
)
@click.option(
    "--quantity-fields",
    "with_fields",
    is_flag=True,
    help="Counts have segments, origins, lots and dates, and goods on order come with each load.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder to write to; new or empty.",
)
@click.option("--format", "form", type=Word(FORMATS), default=NDJSON, show_default=True)
@click.option("--gzip", "zipped", is_flag=True, help="Compress the payloads.")
def command(
    what: str,
    products: int,
    locations: int,
    coverage: float,
    seed: int,
    count: int | None,
    duration: float | None,
    rate: float,
    change_rate: float | None,
    prefix: str,
    account: str,
    retailer: str,
    catalogue: str,
    with_fields: bool,
    out: Path,
    form: str,
    zipped: bool,
) -> None:
    """Write payload files: a day of trade, a full load, or deltas.

    Everything begins with a load of the opening counts, for a delta needs a position. A full load
    is followed by that of the next night; a day has one within it, besides deltas and batches of
    what changed. Payloads come in the order in which they are to be sent, in `payloads/`: a part
    for each load and for the events between two. `manifest.json` says what is in them, and
    `expected.ndjson` what is on hand after them.
    """
    if count is not None and duration is not None:
        raise _refusal("give --count or --duration: each says how many deltas there are.")
    if what == FULL_LOAD and (count is not None or duration is not None):
        raise _refusal("a full load has a record for each position: no --count, no --duration.")
    deltas = count or (10_000 if duration is None else max(1, round(duration * rate)))
    plan = Plan(
        what,
        seed,
        products,
        locations,
        coverage,
        deltas,
        prefix,
        PayloadSettings(account, retailer, catalogue, seed if with_fields else None),
        ShopParameters() if change_rate is None else ShopParameters(change_rate=change_rate),
        rate,
    )
    _refuse_unless_empty(out)
    try:
        manifest = generate(plan, out, form, zipped, _typed())
    except ValueError as refused:
        raise _refusal(str(refused)) from None
    except OSError as error:
        raise _refusal(f"the payloads cannot be written: {reason(error)}") from None
    except KeyboardInterrupt:
        ended = ended_by() or Ended.INTERRUPTED
        say(f"fluent-sim generate: {ended}; the payloads are not complete.")
        sys.exit(ended.exit_code)
    click.echo(
        f"{manifest['payloads']:,} payloads for {manifest['positions']:,} positions"
        f" in {out / PAYLOADS}; more about them in {out / MANIFEST}"
    )


def _typed() -> str:
    """The command as it was given, for another to repeat."""
    context = click.get_current_context()
    words = [context.command_path]
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if source is click.core.ParameterSource.DEFAULT:
            continue
        value = context.params[parameter.name or ""]
        if isinstance(parameter, click.Option):
            words.append(parameter.opts[0])
        if not (isinstance(parameter, click.Option) and parameter.is_flag):
            words.append(shlex.quote(str(value)))
    return " ".join(words)


def _refuse_unless_empty(folder: Path) -> None:
    try:
        if folder.exists() and any(folder.iterdir()):
            raise _refusal(f"{folder} is not empty: payloads of two runs would be mixed.")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise _refusal(f"the folder {folder} cannot be written to: {why}") from None


def _refusal(why: str) -> Refusal:
    return Refusal(f"fluent-sim generate: {why}")
