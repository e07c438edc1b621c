"""POST /__admin/reconcile: what a source system believes, held against what is here."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..clock import Clock, timestamp
from ..domain.account.ports import CatalogueStore
from ..errors import ApiError, Fault, api_error, listed, refused, shortened
from ..intake.uploads import BelievedLine, LineFault, Upload, UploadKind, read_upload
from ..stores.delta_ledger import DeltaLedger
from ..stores.reconcile_sessions import ReconcileSession, ReconcileSessions
from .comparison import named_again
from .delta_comparison import DeltaComparison
from .parameters import one_of
from .position_comparison import PositionComparison
from .replies import Reply
from .start_and_count import start_and_count

RECONCILE_PARAMETERS = ("catalogueRef", "line", "session", "complete", "start", "count")
MOST_ABSENT = 1_000
"""Told at once."""
MOST_FAULTS = 100
HIGHEST_LINE = 10**12
_SESSION = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


class _Asked(NamedTuple):
    """The parameters of a part."""

    line: int | None
    session: str
    is_complete: bool


class Reconciliation:
    """Compares uploads with the stock, or with the ledger of deltas."""

    def __init__(
        self,
        store: CatalogueStore,
        ledger: DeltaLedger,
        positions: PositionComparison,
        deltas: DeltaComparison,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._positions = positions
        self._deltas = deltas
        self._clock = clock
        self._sessions = ReconcileSessions()

    def compare(self, body: bytes, form: str, query: Mapping[str, str]) -> Reply:
        """Judge one part, by itself; with `complete` also what no part has named.

        Raises ApiError: 400 for what is no upload, 409 where earlier parts are not known any more.
        """
        asked = _asked(query)
        page = start_and_count(query, MOST_ABSENT, default=MOST_ABSENT)
        first_line = asked.line or (2 if form == "csv" else 1)
        upload = read_upload(body, form, first_line)
        catalogue_ref = self._catalogue_of(query)
        session = self._session(asked, upload, catalogue_ref)
        kind = UploadKind(session.kind)
        if upload.kind not in (None, kind):
            raise refused([Fault("", f"{upload.kind}", f"{kind}, as in the parts before")])
        rows, faults = _once(upload, kind)
        compared = self._positions if kind is UploadKind.POSITIONS else self._deltas
        result = compared.compare(session, rows)
        faults = sorted([*upload.faults, *faults, *result.repeated])
        answer: dict[str, object] = {
            "kind": kind,
            "catalogueRef": catalogue_ref,
            "at": timestamp(self._clock.now()),
            "lines": len(upload.rows) + len(upload.faults),
            "agreeing": result.agreeing,
            "missing": result.missing,
            "different": result.different,
            "faults": [fault._asdict() for fault in faults[:MOST_FAULTS]],
            "faultsTotal": len(faults),
        }
        if asked.is_complete:
            absent, total = compared.absent(session, *page)
            answer |= {
                "extra": absent,
                "extraTotal": total,
                "hasMore": page[0] + len(absent) < total,
            }
        return Reply(answer)

    def _catalogue_of(self, query: Mapping[str, str]) -> str:
        """The catalogue that is meant: the first one unless another is named."""
        known = self._store.refs()
        ref = query.get("catalogueRef") or known[0]
        if ref not in known:
            expected = f"one that exists: {listed(known)}"
            raise refused([Fault("?catalogueRef", f'"{shortened(ref)}"', expected)])
        return ref

    def _session(self, asked: _Asked, upload: Upload, catalogue_ref: str) -> ReconcileSession:
        known = self._sessions.find(asked.session) if asked.session else None
        era = self._ledger.era
        if known is not None and (known.era, known.catalogue_ref) == (era, catalogue_ref):
            return known
        if known is not None or (asked.session and asked.line not in (None, 1, 2)):
            raise _begin_anew(asked.session)
        if upload.kind is None and not (asked.is_complete and not asked.session):
            expected = "lines; or a session that has had some, to be completed"
            raise refused([Fault("", "nothing", expected)])
        kind = upload.kind or UploadKind.POSITIONS
        session = ReconcileSession(kind, catalogue_ref, era)
        if asked.session:
            self._sessions.begin(asked.session, session)
        return session


def _asked(query: Mapping[str, str]) -> _Asked:
    is_complete = one_of(query, "complete", ("false", "true")) == "true"
    session = query.get("session", "")
    line = query.get("line")
    faults = []
    if session and not _SESSION.fullmatch(session):
        expected = "1 to 64 letters, digits, hyphens and underscores"
        faults.append(Fault("?session", f'"{shortened(session)}"', expected))
    is_number = line is None or (line.isascii() and line.isdigit() and len(line) < 13)
    if line is not None and not (is_number and 1 <= int(line) <= HIGHEST_LINE):
        faults.append(Fault("?line", f'"{shortened(line)}"', "the number of a line, 1 or more"))
    if faults:
        raise refused(faults)
    return _Asked(None if line is None else int(line), session, is_complete)


def _once(upload: Upload, kind: UploadKind) -> tuple[Sequence[BelievedLine], Sequence[LineFault]]:
    """The lines, without those that name again what a line before has named."""
    first: dict[object, int] = {}
    rows: list[BelievedLine] = []
    faults: list[LineFault] = []
    for row in upload.rows:
        what = (row.product_ref, row.location_ref)
        key = row.delta_id if kind is UploadKind.DELTAS else what
        line = first.setdefault(key, row.line)
        if line == row.line:
            rows.append(row)
        else:
            faults.append(named_again(row, kind, f"line {line}"))
    return rows, faults


def _begin_anew(session: str) -> ApiError:
    return api_error(
        409,
        f"The earlier parts of the session {session!r} are not known any more: a reset has come"
        " between, or too many others; or they were of another catalogue. Begin anew, under"
        " another id.",
    )
