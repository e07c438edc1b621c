"""Fluent's Job API paths, each view one line into its operation."""

from flask import Flask, Response

from .current import as_of, current
from .edge import json_body, query, respond


def add_job_paths(app: Flask) -> None:
    """Everything under /api/v4.1/job."""

    @app.post("/api/v4.1/job")
    def create_job() -> Response:
        return respond(current().jobs.create_job(json_body(current().behaviour)))

    @app.get("/api/v4.1/job/<job_id>")
    def job_status(job_id: str) -> Response:
        return respond(current().jobs.job_status(job_id, query(), as_of()))

    @app.post("/api/v4.1/job/<job_id>/batch")
    def add_batch(job_id: str) -> Response:
        return respond(current().jobs.add_batch(job_id, json_body(current().behaviour)))

    @app.get("/api/v4.1/job/<job_id>/batch/<batch_id>")
    def batch_status(job_id: str, batch_id: str) -> Response:
        return respond(current().jobs.batch_status(job_id, batch_id, query(), as_of()))

    @app.get("/api/v4.1/job/<job_id>/results")
    def job_results(job_id: str) -> Response:
        return respond(current().jobs.job_results(job_id, as_of()))
