"""A field that is new in the domain is in a snapshot's file, too, or it follows from others."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from fluent_oms_simulator.domain import entities
from fluent_oms_simulator.domain.account.account_settings import AccountSetting
from fluent_oms_simulator.domain.events import (
    Event,
    EventContext,
    FulfilmentUpdate,
    InventoryDelta,
    Rewrite,
    Touched,
    Trace,
)
from fluent_oms_simulator.domain.inventory import InventoryQuantity, QuantityDetails
from fluent_oms_simulator.domain.jobs import InventoryBatch, InventoryRecord, Job
from fluent_oms_simulator.domain.virtual.available import Feed
from fluent_oms_simulator.domain.virtual.overrides import Written
from fluent_oms_simulator.stores.snapshot_file import setup_lines, stock_lines, values, work_lines

FORMS: list[tuple[Any, Any, set[str]]] = [
    (entities.InventoryCatalogueProfile, stock_lines.InventoryCatalogueForm, set()),
    (entities.VirtualCatalogueProfile, setup_lines.VirtualCatalogueForm, set()),
    (entities.Control, setup_lines.ControlForm, set()),
    (entities.StorageArea, setup_lines.StorageAreaForm, set()),
    (entities.Location, setup_lines.LocationForm, set()),
    (entities.Network, setup_lines.NetworkForm, set()),
    (entities.Entity, values.EntityForm, set()),
    (AccountSetting, setup_lines.SettingLine, {"number"}),
    (InventoryQuantity, stock_lines.QuantityLine, {"source"}),  # as its cause
    (QuantityDetails, stock_lines.DetailsForm, set()),
    (Feed, setup_lines.FeedForm, set()),
    (Written, setup_lines.VirtualPositionLine, {"number"}),  # as whether it was created
    (EventContext, work_lines.ContextForm, set()),
    (Event, work_lines.EventLine, {"held", "outline"}),
    (Touched, work_lines.TouchedForm, set()),
    (Rewrite, work_lines.RewriteForm, set()),
    (Trace, work_lines.TraceForm, {"steps"}),  # as its positions
    (InventoryDelta, work_lines.DeltaForm, set()),
    (FulfilmentUpdate, work_lines.UpdateForm, set()),
    (InventoryRecord, work_lines.RecordForm, set()),
    (Job, work_lines.JobLine, {"batches", "waiting", "closes_early"}),
    (
        InventoryBatch,
        work_lines.BatchLineForm,
        {"records", "conditions", "status", "text_bytes", "held"},  # of one that is not COMPLETE
    ),
]


@pytest.mark.parametrize(
    ("kind", "form", "left_out"), FORMS, ids=lambda each: getattr(each, "__name__", "")
)
def test_no_field_is_lost(kind: Any, form: Any, left_out: set[str]) -> None:
    names = {each.name for each in fields(kind)} if is_dataclass(kind) else {*kind._fields}

    assert names - left_out <= {*form.__struct_fields__}
    assert not left_out & {*form.__struct_fields__}
