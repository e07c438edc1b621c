"""The lines of a snapshot that tell of an account: its stock, and what that was before."""

from typing import Annotated

from msgspec import Meta, field

from ...domain.bounds import ENTITIES
from .values import (
    Amount,
    Attributes,
    BatchLine,
    BatchNumber,
    Cause,
    EntityForm,
    Form,
    Json,
    Line,
    Made,
    Moment,
    Number,
    PlainCount,
    Row,
    Whole,
)


class InventoryCatalogueForm(EntityForm):
    """What an inventory catalogue is called."""

    retailer_refs: tuple[str, ...] = ()


class AccountLine(Line, tag="account"):
    """What there is one of; `lost` is what bounds have cost, by their names.

    `entityBytes` is what mutations have written, as far as it has been counted.
    """

    started_at: Moment
    controls_made: Made
    storage_areas_made: Made
    history_written: Whole
    on_hand_written: Whole
    entity_bytes: Annotated[int, Meta(ge=0, le=ENTITIES.limit)]
    jobs_created: Made
    batches_created: Made
    lost: dict[str, Whole] = field(default_factory=dict)


class InventoryCatalogueLine(Line, tag="inventoryCatalogue", kw_only=True):
    """An inventory catalogue; `made` counts the quantities that it has had, `folded` those gone."""

    type: str
    retailer_id: str
    given: str | None = None
    profile: InventoryCatalogueForm
    statuses: Annotated[list[str], Meta(max_length=256)]
    made: Made
    folded: Whole


class PositionLine(Line, tag="position", kw_only=True):
    """A position; `count` is its plain count, which a line of a batch (`countedBy`) has set.

    `onHand` is a stock on hand that a mutation has set, until the next is calculated.
    """

    catalogue: str
    number: Row
    product_ref: str
    location_ref: str
    status: str
    created_at: Moment
    updated_at: Moment
    count: PlainCount | None = None
    counted_at: Moment | None = None
    counted_by: tuple[BatchNumber, BatchLine] | None = None
    on_hand: Amount | None = None
    status_due: bool = False
    own_ref: str | None = None
    own_type: str | None = None
    attributes: Attributes | None = None


class DetailsForm(Form):
    """What few quantities have."""

    condition: str | None = None
    expected_on: Moment | None = None
    expires_on: Moment | None = None
    storage_area_ref: str | None = None
    association_type: str | None = None
    association_ref: str | None = None
    country_of_origin: str | None = None
    channel: str | None = None
    supplier: str | None = None
    manufacturer: str | None = None
    manufacturer_batch_number: str | None = None
    segment1: str | None = None
    segment2: str | None = None
    segment3: str | None = None
    parent_ref: str | None = None
    attribute_types: dict[str, str] = field(default_factory=dict)


class QuantityLine(Line, tag="quantity", kw_only=True):
    """A quantity beside plain counts; `number` 0 is for a position's own count, once a plain one.

    `age` is its place among those that events made and that give way when they are too many,
    `ageOfSum` that of a sum of such; `isSetAside` where it has none because it is needed. `apart`
    is a reservation of stock that is only expected.
    """

    catalogue: str
    position: Row
    number: Whole
    ref: str
    type: str
    quantity: Amount
    status: str
    created_at: Moment
    updated_at: Moment
    cause: Cause
    attributes: dict[str, Json] | None = None
    details: DetailsForm | None = None
    apart: bool = False
    age: Whole | None = None
    age_of_sum: Whole | None = None
    is_set_aside: bool = False


class FamilyLine(Line, tag="family"):
    """The quantities under another one, in the order in which they came there."""

    catalogue: str
    parent: str
    children: list[str]


class EarlierLine(Line, tag="earlierState", kw_only=True):
    """What a quantity was until `until`; without a ref, a plain count."""

    catalogue: str
    position: Row
    ref: str | None = None
    at: Moment
    cause: Cause
    quantity: Amount
    status: str
    until: Moment
    made: Whole


class OnHandLine(Line, tag="onHandChange"):
    """A change of a position's stock on hand."""

    catalogue: str
    position: Row
    at: Moment
    before: Amount
    after: Amount


class CountsLine(Line, tag="countsChange"):
    """Counts that were set together: the earlier states from `first` on, so many, tell of them."""

    catalogue: str
    at: Moment
    first: Whole
    count: Number


StockLine = (
    AccountLine
    | InventoryCatalogueLine
    | PositionLine
    | QuantityLine
    | FamilyLine
    | EarlierLine
    | OnHandLine
    | CountsLine
)
