"""What a virtual catalogue follows from: its stock, its locations and its controls."""

from collections.abc import Iterable, Iterator, Sequence

from ...behaviour import Behaviour
from ..entities import Network, VirtualCatalogueProfile
from ..search.paging import ReadBudget
from ..virtual.available import VirtualSources, aggregates
from .account import Account
from .thresholds import threshold_groups


def virtual_sources(
    account: Account,
    profile: VirtualCatalogueProfile,
    behaviour: Behaviour,
    budget: ReadBudget,
) -> VirtualSources:
    """What the positions of a virtual catalogue follow from at the moment; raises TooMuchToRead.

    All is loosely coupled: what a catalogue names and nobody created adds nothing to it.
    """
    is_aggregate = aggregates(profile.type, behaviour)
    # An aggregate is of the first network only (UpdateAggregateVirtualPosition, 8 May 2025).
    names = profile.network_ids[:1] if is_aggregate else profile.network_ids
    networks = list(_networks(account, names))
    budget.spend(len(account.networks) + sum(len(network.location_refs) for network in networks))
    rules = account.rules_of(profile.control_group_ref)
    thresholds = tuple(
        found
        for ref in threshold_groups(profile.attributes)
        if (found := account.rules_of(ref)) is not None
    )
    own = () if rules is None else (rules,)
    return VirtualSources(
        inventory=account.catalogues.get(profile.inventory_catalogue_ref),
        rules=rules,
        location_refs=_locations(profile, networks, behaviour),
        group_ref=networks[0].ref if is_aggregate and networks else None,
        thresholds=thresholds,
        set_up_at=max(
            profile.updated_at,
            *(network.updated_at for network in networks),
            *(each.set_up_at for each in (*own, *thresholds)),
            *(each.thresholds_changed_at(profile.ref) for each in thresholds or own),
            0,
        ),
        behaviour=behaviour,
        budget=budget,
    )


def _networks(account: Account, names: Iterable[str]) -> Iterator[Network]:
    """The networks with these ids or refs, in their order."""
    known = account.networks
    by_id = {str(network.number): network for network in known.values()}
    for name in names:
        network = by_id.get(name) or known.get(name)
        if network is not None:
            yield network


def _locations(
    profile: VirtualCatalogueProfile, networks: Sequence[Network], behaviour: Behaviour
) -> frozenset[str] | None:
    if not profile.network_ids and behaviour.virtual_without_networks == "all_locations":
        return None
    return frozenset(ref for network in networks for ref in network.location_refs)
