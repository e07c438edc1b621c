"""`fluent-sim ledger`: what a running simulator has made of each delta."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import click

from ..console.variables import tell_unknown
from ..settings import ENV_PREFIX, variables
from ..text.printable import printable
from .control_api import ControlApi, simulator_options
from .told_pages import chosen, tell_that_there_are_more, tell_what_is_dropped

PATH = "/__admin/ledger"


@click.command(name="ledger")
@click.option("--records", is_flag=True, help="Of the records of batches instead of deltas.")
@click.option("--job", metavar="ID", help="Of records: in this job.")
@click.option("--batch", metavar="ID", help="Of records: in this batch.")
@click.option("--delta-id", "deltaId", metavar="ID", help="Of this id.")
@click.option("--product", metavar="REF", help="For this product.")
@click.option("--location", metavar="REF", help="For this location.")
@click.option("--catalogue-ref", "catalogueRef", metavar="REF", help="Of this catalogue.")
@click.option("--fate", metavar="FATE", help="Of which this can be said, such as conflicting.")
@click.option("--since", metavar="MOMENT", help="That came at this moment or later.")
@click.option("--until", metavar="MOMENT", help="That came before this moment.")
@click.option("--start", metavar="NUMBER", help="Leave out so many.")
@click.option("--count", metavar="NUMBER", help="So many at most.  [default: 100]")
@simulator_options
def command(url: str, token: str, records: bool, **filters: str | None) -> None:
    """Tell what came of each delta: how often it arrived, was acknowledged and was applied."""
    tell_unknown(ENV_PREFIX, variables())
    query = urlencode(chosen(filters))
    path = f"{PATH}/records" if records else PATH
    answer = ControlApi("ledger", url, token).document("GET", f"{path}?{query}" if query else path)
    if records:
        _tell_records(answer)
    else:
        _tell_deltas(answer)
    tell_that_there_are_more(answer)


def _tell_deltas(answer: dict[str, Any]) -> None:
    totals = answer["totals"]
    click.echo(
        f"{totals['deltas']:,} deltas arrived {totals['arrived']:,} times, acknowledged"
        f" {totals['acknowledged']:,} times: {_told(totals['fates']) or 'none'}."
    )
    records = totals["records"]
    if records["arrived"]:
        click.echo(f"Records of batches: {_told(records)}.")
    for account in answer["results"]:
        click.echo(_line(account))
    tell_what_is_dropped(answer)


def _tell_records(answer: dict[str, Any]) -> None:
    for record in answer["results"]:
        place = f"{record['productRef'] or '?'} at {record['locationRef'] or '?'}"
        parts = [f"batch {record['batch']} /entities/{record['line']}", place]
        parts += [f"{record['type']} {record['amount']:,}", record["fate"]]
        if record["supersededBy"]:
            parts.append(f"superseded by {record['supersededBy']}")
        if record["why"]:
            parts.append(f"({record['why']})")
        click.echo(printable("  ".join(parts)))
    if answer["batchesDropped"]:
        click.echo(f"{answer['batchesDropped']:,} older batches are no longer kept.")


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _line(account: dict[str, Any]) -> str:
    """A delta on one line; what is told of it may hold anything that was sent."""
    parts = [
        account["deltaId"],
        f"{account['productRef'] or '?'} at {account['locationRef'] or '?'}",
        f"{account['amount']:+,}",
        ", ".join(account["fates"]),
        f"({_told(account['arrivals'])})",
    ]
    if account["retiredBy"]:
        parts.append(f"retired by {account['retiredBy']['source']}")
    reasons = [told["reason"] for told in account["told"] if "reason" in told]
    if reasons:
        parts.append(f"({reasons[-1]})")
    if account["beforeReset"]:
        parts.append("before the last reset")
    return printable("  ".join(parts))
