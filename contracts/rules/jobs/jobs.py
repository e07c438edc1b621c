"""Rules about the request to open a job."""

from __future__ import annotations

from collections.abc import Iterable

from ..near_names import nearly
from ..payload import shown, squeezed, token
from ..ref_flaws import Flaw, flaw_of
from ..retailer_ids import AN_ID, RetailerRule, is_no_retailer
from ..rule import Finding, Job, Rule, Severity
from ..shape import ShapeRule


class JobShape(ShapeRule):
    """A job that does not fit."""

    id = "FOMS-J000"
    title = "A job does not fit its schema"
    reason = "A job that cannot be read is not opened, so no batch can be sent into it."
    sees = (Job,)
    kind = "job"
    good = (Job({"name": "Nightly load", "retailerId": "1"}),)
    bad = (Job({"retailerId": "1"}),)


class MetaUnderAnotherName(Rule):
    """A setting where nobody looks for it."""

    id = "FOMS-J010"
    title = "A job's setting has another name than the one that is read"
    severity = Severity.WARNING
    reason = (
        "The one setting of a job is meta.preprocessing. Anywhere else, and under another name, it"
        " is passed over, and Batch Pre-Processing stays as it is."
    )
    evidence = "Fluent docs: send inventory batches, 25 May 2026; vendor SDK 0.1.56 (metadata)"
    hint = 'Write "meta": {"preprocessing": "skip"}.'
    sees = (Job,)
    good = (Job({"name": "Nightly", "retailerId": "1", "meta": {"preprocessing": "skip"}}),)
    bad = (
        Job({"name": "Nightly", "retailerId": "1", "metadata": {"preprocessing": "skip"}}),
        Job({"name": "Nightly", "retailerId": "1", "meta": {"preprocesing": "skip"}}),
    )

    def see(self, job: Job) -> Iterable[Finding]:
        """The names under which settings are sent by mistake."""
        meta = job.document.get("meta")
        if meta is not None:
            yield from self._misnamed_in(meta)
            return
        for name in job.document:
            if isinstance(name, str) and name != "meta" and squeezed(name) in _MISTAKEN:
                yield self.finding(f"/{name}", shown(name), 'a field "meta"')
                return

    def _misnamed_in(self, meta: object) -> Iterable[Finding]:
        if isinstance(meta, dict) and _READ not in meta:
            for name in meta:
                if squeezed(name) == _READ or squeezed(name) in nearly([name], [_READ]):
                    yield self.finding(f"/meta/{token(name)}", shown(name), f'a field "{_READ}"')


class PreprocessingNotSkipped(Rule):
    """A word that sounds like off, and means on."""

    id = "FOMS-J020"
    title = "meta.preprocessing is neither skip nor enabled"
    severity = Severity.WARNING
    reason = (
        "Only the word skip turns Batch Pre-Processing off for a job. With any other value it"
        " runs, and records that change nothing raise no event."
    )
    evidence = "Fluent docs: send inventory batches, 9 Jan 2025"
    hint = 'Write "skip" in small letters to turn it off; leave it out to keep it on.'
    sees = (Job,)
    good = (
        Job({"name": "Nightly", "retailerId": "1", "meta": {"preprocessing": "skip"}}),
        Job({"name": "Nightly", "retailerId": "1", "meta": {"preprocessing": "enabled"}}),
    )
    bad = (Job({"name": "Nightly", "retailerId": "1", "meta": {"preprocessing": False}}),)

    def see(self, job: Job) -> Iterable[Finding]:
        """The value, where there is one."""
        meta = job.document.get("meta")
        value = meta.get("preprocessing") if isinstance(meta, dict) else None
        if value is not None and value not in ("skip", "enabled"):
            yield self.finding("/meta/preprocessing", shown(value), '"skip" or "enabled"')


class UnfilledJobName(Rule):
    """A name that says nothing."""

    id = "FOMS-J030"
    title = "A job's name was never filled in"
    severity = Severity.WARNING
    reason = (
        "The name is what people find a load by. This one is what a template or a program writes"
        " when it has none, and every load is called the same."
    )
    evidence = "Fluent docs: job API, 20 Feb 2025 (name). Inferred: that it was meant otherwise"
    hint = "Fill in the name, for example with the source and the date of the load."
    sees = (Job,)
    good = (Job({"name": "Nightly load 100%", "retailerId": "1"}),)
    bad = (Job({"name": "${jobName}", "retailerId": "1"}),)

    def see(self, job: Job) -> Iterable[Finding]:
        """The name, if it is a template or a word for no value."""
        name = job.document.get("name")
        flawed = flaw_of(name) if isinstance(name, str) else None
        if flawed is not None and flawed.flaw in (Flaw.UNFILLED, Flaw.NO_VALUE):
            yield self.finding("/name", f"{shown(name)}, {flawed.what}", "a name of its own")


class NoRetailersJob(RetailerRule):
    """A job for a retailer that cannot be."""

    id = "FOMS-J040"
    title = "A job's retailerId is no retailer's"
    sees = (Job,)
    good = (Job({"name": "Nightly load", "retailerId": "1"}),)
    bad = (Job({"name": "Nightly load", "retailerId": "{{retailer.id}}"}),)

    def see(self, job: Job) -> Iterable[Finding]:
        """The id, if it is not a whole number."""
        if is_no_retailer(value := job.document.get("retailerId")):
            yield self.finding("/retailerId", shown(value), AN_ID)


_READ = "preprocessing"
_MISTAKEN = {"meta", "metadata", "preprocessing", "settings"}
