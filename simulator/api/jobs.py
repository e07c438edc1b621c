"""Fluent's Job API paths, each view one line into its operation."""

from flask import Flask, Response

from ..simulator import Simulator
from .edge import json_body, query, respond


def add_job_paths(app: Flask, simulator: Simulator) -> None:
    """Everything under /api/v4.1/job."""
    jobs = simulator.jobs
    behaviour = simulator.behaviour

    @app.post("/api/v4.1/job")
    def create_job() -> Response:
        return respond(jobs.create_job(json_body(behaviour)))

    @app.get("/api/v4.1/job/<job_id>")
    def job_status(job_id: str) -> Response:
        return respond(jobs.job_status(job_id, query()))

    @app.post("/api/v4.1/job/<job_id>/batch")
    def add_batch(job_id: str) -> Response:
        return respond(jobs.add_batch(job_id, json_body(behaviour)))

    @app.get("/api/v4.1/job/<job_id>/batch/<batch_id>")
    def batch_status(job_id: str, batch_id: str) -> Response:
        return respond(jobs.batch_status(job_id, batch_id, query()))

    @app.get("/api/v4.1/job/<job_id>/results")
    def job_results(job_id: str) -> Response:
        return respond(jobs.job_results(job_id))
