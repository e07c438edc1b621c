"""Product catalogues, and the products that positions have named.

Fluent docs: GraphQL schema docs, and two public copies of the schema. The simulator keeps no
product data: every product is a variant, has its ref for a name, and its standard product is made
up because the schema demands one; that one is in no list.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from graphql import GraphQLAbstractType

from ...domain.account.account import Account
from ...domain.inventory import ACTIVE
from ...domain.refs import key_base
from ...domain.search.criteria import Patterns
from ...domain.search.paging import Window
from ...domain.search.products import ProductCatalogue, ProductFilter, SeenProduct, products_page
from ..arguments import Arguments, has_any, span, wanted
from ..connections import Connection, Edge, window_of
from ..context import Call, Info, call_of
from ..row_plan import PlainField
from ..scalars import moment_text
from .common import (
    WORKFLOW_VERSION,
    Fields,
    catalogues_asked_for,
    entity_fields,
    missing,
    plain,
)
from .entities import EntityArguments, entity_connection
from .inventory import PositionRow

PRODUCT_CATALOGUE = "PRODUCT_CATALOGUE"
VARIANT = "VARIANT"
STANDARD = "STANDARD"
_VARIANT_WORKFLOW = f"VARIANT_PRODUCT::{VARIANT}"
_STANDARD_WORKFLOW = f"STANDARD_PRODUCT::{STANDARD}"

_NONE = Connection([], has_previous=False, has_next=False)


class StandardRow(NamedTuple):
    """What stands for the standard product of a variant; it has the variant's ref and id."""

    variant: SeenProduct


def product_node(
    account: Account, catalogue_ref: str | None, product_ref: str | None
) -> SeenProduct | None:
    """The product with this ref, None where no position has named it."""
    catalogue = account.product_catalogues.get(catalogue_ref or "")
    return None if catalogue is None else account.products(catalogue).find(product_ref or "")


def product_type(value: Any, _info: Info, _kind: GraphQLAbstractType) -> str:
    """Which kind of product a row is."""
    return "StandardProduct" if isinstance(value, StandardRow) else "VariantProduct"


def product_catalogue(_: Any, info: Info, ref: str) -> Any:
    """Query.productCatalogue."""
    call = call_of(info)

    def look(account: Account) -> Any:
        found = account.product_catalogues.get(ref)
        return None if found is None else found.profile

    return call.reading(look) or missing(call, f"product catalogue {ref!r}")


def product_catalogues(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.productCatalogues."""
    call = call_of(info)
    search = EntityArguments(arguments, PRODUCT_CATALOGUE)
    return call.reading(
        lambda account: entity_connection(
            [catalogue.profile for catalogue in account.product_catalogues.values()],
            search,
            window_of(arguments, call),
        )
    )


def variant_product(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.variantProduct."""
    call = call_of(info)
    found = call.reading(lambda account: product_node(account, catalogue["ref"], ref))
    return found or missing(call, f"variant product {ref!r} in {catalogue['ref']!r}")


def variant_products(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.variantProducts."""
    return _search(call_of(info), arguments, ())


def products(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.products, of which all are variants; `ref` and `name` may be patterns."""
    texts = {name: wanted(arguments, name) for name in ("ref", "name")}
    found = [values for values in texts.values() if values is not None and Patterns.are_in(values)]
    exact = {name: None for name, values in texts.items() if values in found}
    return _search(call_of(info), {**arguments, **exact}, tuple(map(Patterns, found)))


def _search(call: Call, arguments: Arguments, patterns: tuple[Patterns, ...]) -> Connection:
    window = window_of(arguments, call)
    search = ProductFilter(
        refs=wanted(arguments, "ref"),
        names=wanted(arguments, "name"),
        gtins=wanted(arguments, "gtin"),
        created=span(arguments, "createdOn"),
        updated=span(arguments, "updatedOn"),
        patterns=patterns,
    )
    alike = (
        has_any(arguments, "type", VARIANT)
        and has_any(arguments, "status", ACTIVE)
        and has_any(arguments, "workflowRef", _VARIANT_WORKFLOW)
        and has_any(arguments, "workflowVersion", WORKFLOW_VERSION)
        and has_any(arguments, "summary", None)
        and arguments.get("category") is None
    )
    if not alike:
        return _NONE

    def look(account: Account) -> Connection:
        catalogues = _catalogues(account, arguments)
        call.pay_for(arguments, len(catalogues) - 1)
        return _products(catalogues, search, window)

    return call.reading(look)


def standard_product(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.standardProduct: there is none."""
    return missing(call_of(info), f"standard product {ref!r} in {catalogue['ref']!r}")


def category(_: Any, info: Info, ref: str, catalogue: Mapping[str, Any]) -> Any:
    """Query.category: there is none."""
    return missing(call_of(info), f"category {ref!r} in {catalogue['ref']!r}")


def nothing(_: Any, info: Info, **arguments: Any) -> Connection:
    """Query.standardProducts, and categories, all or of anything: there are none."""
    window_of(arguments, call_of(info))
    for name in ("createdOn", "updatedOn"):
        span(arguments, name)
    return _NONE


def product_of_position(row: PositionRow, info: Info) -> SeenProduct | None:
    """InventoryPosition.product, from the product catalogue of the same retailer."""

    def look(account: Account) -> SeenProduct | None:
        retailer_id = account.catalogues[row.catalogue.ref].ref.retailer_id
        products = account.products_of(retailer_id)
        return None if products is None else products.find(row.product_ref)

    return call_of(info).reading(look)


def variants_of_standard(row: StandardRow, info: Info, **arguments: Any) -> Connection:
    """StandardProduct.variants: the one that it stands for."""
    refs = arguments.get("ref")
    if refs is not None and row.variant.ref not in refs:
        return nothing(row, info, **arguments)
    inside = {"ref": row.variant.catalogue.ref}
    if arguments.get("catalogue") not in (None, inside):
        return nothing(row, info, **arguments)
    arguments |= {"ref": [row.variant.ref], "catalogue": inside}
    return variant_products(row, info, **arguments)


def _products(
    catalogues: list[ProductCatalogue], search: ProductFilter, window: Window
) -> Connection:
    keys, has_previous, has_next = products_page(catalogues, search, window)
    edges: list[Edge] = []
    for catalogue in catalogues:
        base, end = key_base(catalogue.number), key_base(catalogue.number + 1)
        edges += [Edge(catalogue.at(key - base), key) for key in keys if base <= key < end]
    return Connection(edges, has_previous, has_next)


def _catalogues(account: Account, arguments: Arguments) -> list[ProductCatalogue]:
    """The catalogues that a search goes over."""
    refs = catalogues_asked_for(arguments)
    return [
        account.products(catalogue)
        for ref, catalogue in account.product_catalogues.items()
        if refs is None or ref in refs
    ]


def _product_fields(type_: str, workflow: str) -> Fields:
    """What products of both kinds have; one that was only seen has never changed."""
    return {
        **plain(
            id=lambda product: str(product.key + 1),
            createdOn=lambda product: moment_text(product.seen_at),
            updatedOn=lambda product: moment_text(product.seen_at),
            ref=lambda product: product.ref,
            type=lambda _: type_,
            workflowRef=lambda _: workflow,
            workflowVersion=lambda _: WORKFLOW_VERSION,
            status=lambda _: ACTIVE,
            attributes=lambda _: [],
            gtin=lambda product: product.gtin,
            name=lambda product: product.ref,
            prices=lambda _: [],
            catalogue=lambda product: product.catalogue,
        ),
        "categories": nothing,
    }


def _of_variant(fields: Fields) -> Fields:
    """The fields of a variant, for what stands for its standard product."""
    return {
        name: PlainField(partial(_read_variant, field.read))
        if isinstance(field, PlainField)
        else field
        for name, field in fields.items()
    }


def _read_variant(read: Callable[[SeenProduct], object], row: StandardRow) -> object:
    return read(row.variant)


PRODUCT_QUERIES: Mapping[str, Any] = {
    "productCatalogue": product_catalogue,
    "productCatalogues": product_catalogues,
    "variantProduct": variant_product,
    "variantProducts": variant_products,
    "standardProduct": standard_product,
    "standardProducts": nothing,
    "products": products,
    "category": category,
    "categories": nothing,
}

PRODUCT_FIELDS: Mapping[str, Mapping[str, Any]] = {
    "ProductCatalogue": {
        **entity_fields(PRODUCT_CATALOGUE),
        "retailerRefs": PlainField(lambda profile: list(profile.retailer_refs)),
        "categories": nothing,
    },
    "VariantProduct": {
        **_product_fields(VARIANT, _VARIANT_WORKFLOW),
        "product": PlainField(StandardRow),
    },
    "StandardProduct": {
        **_of_variant(_product_fields(STANDARD, _STANDARD_WORKFLOW)),
        "variants": variants_of_standard,
    },
}

PRODUCT_OF_POSITION: Mapping[str, Any] = {"product": product_of_position}
