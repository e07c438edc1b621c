"""Fluent's Job API paths, each view one line into its operation."""

from flask import Blueprint, Response

from ..assembly import Simulator
from .edge import json_body, query, respond


def jobs_blueprint(simulator: Simulator) -> Blueprint:
    """Everything under /api/v4.1/job."""
    blueprint = Blueprint("jobs", __name__, url_prefix="/api/v4.1/job")
    jobs = simulator.jobs
    behaviour = simulator.behaviour

    @blueprint.post("")
    def create_job() -> Response:
        return respond(jobs.create_job(json_body(behaviour)))

    @blueprint.get("/<job_id>")
    def job_status(job_id: str) -> Response:
        return respond(jobs.job_status(job_id, query()))

    @blueprint.post("/<job_id>/batch")
    def add_batch(job_id: str) -> Response:
        return respond(jobs.add_batch(job_id, json_body(behaviour)))

    @blueprint.get("/<job_id>/batch/<batch_id>")
    def batch_status(job_id: str, batch_id: str) -> Response:
        return respond(jobs.batch_status(job_id, batch_id, query()))

    @blueprint.get("/<job_id>/results")
    def job_results(job_id: str) -> Response:
        return respond(jobs.job_results(job_id))

    return blueprint
