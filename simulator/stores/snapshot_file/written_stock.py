"""From an account to the lines of a snapshot, in the order in which they are read."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from msgspec import convert

from ...domain.account.account import Account
from ...domain.catalogue.inventory_catalogue import InventoryCatalogue
from ...domain.catalogue.on_hand_log import COUNTS
from ...domain.catalogue.positions import NO_COUNT
from ...domain.catalogue.retention import Due
from ...domain.entities import Location, Network
from ...domain.inventory import BatchSource, QuantityDetails
from ...domain.virtual.overrides import Written
from ..jobs import KeptJobs
from ..kept_state import KeptState
from .causes import cause_of
from .setup_lines import (
    ControlForm,
    ControlGroupLine,
    FeedForm,
    LocationForm,
    LocationLine,
    NetworkForm,
    NetworkLine,
    ProductCatalogueLine,
    ProductLine,
    SettingLine,
    SetupLine,
    VirtualCatalogueForm,
    VirtualCatalogueLine,
    VirtualPositionLine,
)
from .stock_lines import (
    AccountLine,
    CountsLine,
    DetailsForm,
    EarlierLine,
    FamilyLine,
    InventoryCatalogueForm,
    InventoryCatalogueLine,
    OnHandLine,
    PositionLine,
    QuantityLine,
    StockLine,
)
from .values import EntityForm

FormOf = TypeVar("FormOf")


def stock_lines(state: KeptState) -> Iterator[StockLine | SetupLine]:
    """Every line that tells of the account."""
    account = state.account
    yield _account(state, state.jobs)
    for setting in account.settings:
        yield SettingLine(
            name=setting.name,
            value_type=setting.value_type,
            value=setting.value,
            lob_value=setting.lob_value,
            context=setting.context,
            context_id=setting.context_id,
        )
    for group in account.control_groups.values():
        yield ControlGroupLine(
            group=form_of(group, EntityForm),
            retailer_refs=group.retailer_refs,
            controls=tuple(form_of(each, ControlForm) for each in group.controls.values()),
            version=group.version,
        )
    yield from map(_network, account.networks.values())
    for catalogue in account.catalogues.values():
        yield _catalogue(catalogue)
    ages, ages_of_sums = map(_places, account.holdings.retention.lines())
    for catalogue in account.catalogues.values():
        yield from _positions(catalogue)
        yield from _quantities(catalogue, ages, ages_of_sums)
        for parent, children in catalogue.stock.families.all_children():
            yield FamilyLine(catalogue=str(catalogue.ref), parent=parent, children=children)
    yield from _past(account)
    locations = account.locations_noticed
    for number in locations.numbers:
        location = locations.at(number)
        yield _location(location, is_created=locations.is_created(location.ref))
    for products in account.product_catalogues.values():
        created_at = products.profile.created_at
        yield ProductCatalogueLine(
            ref=products.ref, retailer_id=products.retailer_id, created_at=created_at
        )
        for number in range(len(products)):
            product = products.at(number)
            yield ProductLine(catalogue=products.ref, ref=product.ref, seen_at=product.seen_at)
    for virtual in account.virtual_catalogues.values():
        yield VirtualCatalogueLine(profile=form_of(virtual.profile, VirtualCatalogueForm))
        for written in sorted(virtual.written(), key=lambda each: each.number or 0):
            yield _virtual_position(virtual.profile.ref, written)


def form_of(value: object, form: type[FormOf]) -> FormOf:
    """A value of the domain in the form of the file, which has the same fields."""
    return convert(value, form, from_attributes=True)


def details_form(details: QuantityDetails | None) -> DetailsForm | None:
    """The details of a quantity in the form of the file."""
    if details is None:
        return None
    types = dict(details.attribute_types)
    return DetailsForm(**{**details._asdict(), "attribute_types": types})


def _account(state: KeptState, jobs: KeptJobs) -> AccountLine:
    account = state.account
    holdings = account.holdings
    return AccountLine(
        started_at=account.started_at,
        controls_made=account.controls_made,
        storage_areas_made=account.locations_noticed.areas_made,
        history_written=holdings.history.written,
        on_hand_written=holdings.on_hand_log.written,
        entity_bytes=holdings.entities.held,
        jobs_created=jobs.jobs_created,
        batches_created=jobs.batches_created,
        lost={tally.bound.name: tally.lost for tally in state.tallies() if tally.lost},
    )


def _catalogue(catalogue: InventoryCatalogue) -> InventoryCatalogueLine:
    return InventoryCatalogueLine(
        type=catalogue.ref.type,
        retailer_id=catalogue.ref.retailer_id,
        given=catalogue.ref.given,
        profile=form_of(catalogue.profile, InventoryCatalogueForm),
        statuses=list(catalogue.positions.status_names),
        made=catalogue.stock.made,
        folded=catalogue.folded,
    )


def _positions(catalogue: InventoryCatalogue) -> Iterator[PositionLine]:
    ref, table, ledgers = str(catalogue.ref), catalogue.positions, catalogue.stock.ledgers
    due = catalogue.statuses.due
    for number in range(len(table)):
        created_at, counted_at = table.created_at[number], table.counted_at[number]
        counted_by = table.counted_by[number]
        line = PositionLine(
            catalogue=ref,
            number=number,
            product_ref=table.product_ref(number),
            location_ref=table.location_ref(number),
            status=table.status(number),
            created_at=created_at,
            updated_at=table.updated_at[number],
            counted_at=None if counted_at == created_at else counted_at,
            status_due=number in due,
        )
        if counted_by != NO_COUNT:
            line.count = table.counts[number]
            line.counted_by = BatchSource.unpacked(counted_by)
        if number in ledgers:
            line.on_hand = ledgers[number].written
        details = catalogue.details_of(number)
        if details is not None:
            line.own_ref, line.own_type = details.ref, details.type
            line.attributes = None if details.attributes is None else dict(details.attributes)
        yield line


_Places = dict[int, int]
"""The places of quantities in a line, by their identity."""


def _places(line: Sequence[Due[InventoryCatalogue]]) -> _Places:
    return {id(quantity): place for place, (_, quantity) in enumerate(line)}


def _quantities(
    catalogue: InventoryCatalogue, ages: _Places, ages_of_sums: _Places
) -> Iterator[QuantityLine]:
    ref, apart = str(catalogue.ref), catalogue.counting.apart
    ledgers = catalogue.stock.ledgers
    for position in sorted(ledgers):
        for each in ledgers[position].quantities.values():
            yield QuantityLine(
                catalogue=ref,
                position=each.position,
                number=each.number,
                ref=each.ref,
                type=each.type,
                quantity=each.quantity,
                status=each.status,
                created_at=each.created_at,
                updated_at=each.updated_at,
                cause=cause_of(each.source),
                attributes=None if each.attributes is None else dict(each.attributes),
                details=details_form(each.details),
                apart=each.ref in apart,
                age=ages.get(id(each)),
                age_of_sum=ages_of_sums.get(id(each)),
                is_set_aside=each.is_set_aside,
            )


def _past(account: Account) -> Iterator[StockLine]:
    refs = {each.number: str(each.ref) for each in account.catalogues.values()}
    for (
        number,
        position,
        ref,
        at,
        source,
        amount,
        status,
        until,
        made,
    ) in account.holdings.history.kept():
        yield EarlierLine(
            catalogue=refs[number],
            position=position,
            ref=ref,
            at=at,
            cause=cause_of(source),
            quantity=amount,
            status=status,
            until=until,
            made=made,
        )
    for number, position, at, before, after in account.holdings.on_hand_log.kept():
        ref = refs[number]
        if position == COUNTS:
            yield CountsLine(catalogue=ref, at=at, first=before, count=after)
        else:
            yield OnHandLine(catalogue=ref, position=position, at=at, before=before, after=after)


def _network(network: Network) -> NetworkLine:
    form = form_of(network, NetworkForm)
    form.location_refs = tuple(sorted(network.location_refs))  # a set has another order each time
    return NetworkLine(network=form)


def _location(location: Location, *, is_created: bool) -> LocationLine:
    return LocationLine(location=form_of(location, LocationForm), is_created=is_created)


def _virtual_position(catalogue_ref: str, written: Written) -> VirtualPositionLine:
    quantity = written.quantity
    feed = None if quantity is None else quantity.feed
    return VirtualPositionLine(
        catalogue=catalogue_ref,
        ref=written.ref,
        is_created=written.number is not None,
        product_ref=written.product_ref,
        group_ref=written.group_ref,
        quantity=None if quantity is None else quantity.quantity,
        feed=None if feed is None else FeedForm(**feed._asdict()),
        status=written.status,
        type=written.type,
        attributes=dict(written.attributes),
        segments=written.segments,
        created_at=written.created_at,
        updated_at=written.updated_at,
    )
