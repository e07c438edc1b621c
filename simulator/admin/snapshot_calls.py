"""States of a simulator by name, under /__admin/snapshots."""

from flask import Blueprint, Response

from ..api.current import current
from ..api.edge import query, respond
from .wishes import GZIP, wish

PARAMETERS: dict[str, tuple[str, ...]] = {
    "admin.list_snapshots": ("start", "count"),
    "admin.find_snapshot": (),
    "admin.take_snapshot": (),
    "admin.restore_snapshot": (),
    "admin.drop_snapshot": (),
    "admin.save_snapshot": (),
    "admin.load_snapshot": ("replace",),
}


def add_snapshots(blueprint: Blueprint) -> None:
    """List them, take one, go back to one, drop one, and have one as a file."""

    @blueprint.get("/snapshots")
    def list_snapshots() -> Response:
        """The states that were kept by name, in the order of their taking."""
        return respond(current().snapshots.list_all(query()))

    @blueprint.get("/snapshots/<name>")
    def find_snapshot(name: str) -> Response:
        """One of them: when it was taken, and how many positions are in it."""
        return respond(current().snapshots.find(name))

    @blueprint.put("/snapshots/<name>")
    def take_snapshot(name: str) -> Response:
        """Keep the state of now by a name, once all that was accepted is applied."""
        return respond(current().snapshots.take(name, wish()))

    @blueprint.post("/snapshots/<name>/restore")
    def restore_snapshot(name: str) -> Response:
        """Go back to it: stock, jobs, events, clock and switches are as they were."""
        return respond(current().snapshots.restore(name))

    @blueprint.delete("/snapshots/<name>")
    def drop_snapshot(name: str) -> Response:
        """Drop it; the state of now stays."""
        return respond(current().snapshots.drop(name))

    @blueprint.get("/snapshots/<name>/file")
    def save_snapshot(name: str) -> Response:
        """One of them as a file: JSON lines, packed with gzip, for this simulator or another."""
        file = current().snapshot_files.save(name)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return Response(file.content, headers=headers, content_type=GZIP)

    @blueprint.put("/snapshots/<name>/file")
    def load_snapshot(name: str) -> Response:
        """Keep what a file holds by a name, to go back to it."""
        return respond(current().snapshot_files.load(name, wish(), query()))
