"""The lines of a snapshot that tell what an account is set up with, and what mutations wrote."""

from msgspec import field

from .values import (
    Amount,
    Attributes,
    EntityForm,
    Form,
    Json,
    Line,
    Moment,
    Whole,
)


class VirtualCatalogueForm(EntityForm, kw_only=True):
    """What a virtual catalogue shows."""

    inventory_catalogue_ref: str
    product_catalogue_ref: str | None = None
    network_ids: tuple[str, ...] = ()
    control_group_ref: str | None = None
    retailer_refs: tuple[str, ...] = ()


class ControlForm(EntityForm, kw_only=True):
    """A control of a group."""

    group_ref: str
    values: tuple[tuple[str, str, Json], ...] = ()
    execution_order: Amount | None = None


class StorageAreaForm(EntityForm):
    """A part of a location."""


class LocationForm(EntityForm, kw_only=True):
    """Where stock lies."""

    retailer_id: str
    support_phone_number: str | None = None
    default_carrier: str | None = None
    default_carrier_name: str | None = None
    address: dict[str, Json] | None = None
    opening_schedule: dict[str, Json] | None = None
    storage_areas: tuple[StorageAreaForm, ...] = ()


class NetworkForm(EntityForm):
    """Locations that belong together."""

    retailer_ids: tuple[str, ...] = ()
    location_refs: tuple[str, ...] = ()


class SettingLine(Line, tag="setting", kw_only=True):
    """A setting of the account; they are numbered in their order."""

    name: str
    value_type: str
    value: str | None = None
    lob_value: Json = None
    context: str
    context_id: Amount


class LocationLine(Line, tag="location"):
    """A location; one that only positions name is not `isCreated`."""

    location: LocationForm
    is_created: bool = False


class ProductCatalogueLine(Line, tag="productCatalogue"):
    """A product catalogue; they are numbered in their order."""

    ref: str
    retailer_id: str
    created_at: Moment


class ProductLine(Line, tag="product"):
    """A product, as positions have told of it."""

    catalogue: str
    ref: str
    seen_at: Moment


class NetworkLine(Line, tag="network"):
    """A network."""

    network: NetworkForm


class ControlGroupLine(Line, tag="controlGroup"):
    """A control group with its controls."""

    group: EntityForm
    retailer_refs: tuple[str, ...] = ()
    controls: tuple[ControlForm, ...] = ()
    version: Whole = 0


class VirtualCatalogueLine(Line, tag="virtualCatalogue"):
    """A virtual catalogue."""

    profile: VirtualCatalogueForm


class FeedForm(Form):
    """What a virtual quantity was computed from when it was written over."""

    on_hand: Amount
    updated_at: Moment
    positions: Whole
    controls: tuple[Moment, Moment] | None = None


class VirtualPositionLine(Line, tag="virtualPosition", kw_only=True):
    """What mutations wrote of a virtual position; one that follows from no stock `isCreated`."""

    catalogue: str
    ref: str
    is_created: bool = False
    product_ref: str | None = None
    group_ref: str | None = None
    quantity: Amount | None = None
    feed: FeedForm | None = None
    status: str | None = None
    type: str | None = None
    attributes: Attributes = field(default_factory=dict)
    segments: tuple[tuple[str, str], ...] = ()
    created_at: Moment
    updated_at: Moment


SetupLine = (
    SettingLine
    | LocationLine
    | ProductCatalogueLine
    | ProductLine
    | NetworkLine
    | ControlGroupLine
    | VirtualCatalogueLine
    | VirtualPositionLine
)
