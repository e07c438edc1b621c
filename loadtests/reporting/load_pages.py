"""The pages of `templates/`, and the words that they have."""

from __future__ import annotations

from pathlib import Path

from fluent_oms_simulator.look.report_pages import ReportPages

from . import wording

LOAD_PAGES = ReportPages(
    Path(__file__).with_name("templates"),
    (
        wording.duration,
        wording.headline,
        wording.milliseconds,
        wording.moment,
        wording.number,
        wording.objective_found,
        wording.objective_text,
        wording.objective_word,
        wording.plural,
        wording.rate_sent,
        wording.rates,
        wording.step_word,
    ),
)
