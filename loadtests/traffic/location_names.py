"""Names for locations, so that people can tell them apart; nothing that is sent depends on them."""

from __future__ import annotations

from .shop import Shop

LANGUAGE = "en_AU"


def directory(shop: Shop) -> list[dict[str, object]]:
    """Every location with a name, its local opening hours and how far its clock is ahead."""
    from faker import Faker  # of an extra, without which there is still help to be read

    names = Faker(LANGUAGE)
    names.seed_instance(shop.seed)
    return [
        {
            "locationRef": location.ref,
            "name": names.city(),
            "opens": location.opens,
            "closes": location.closes,
            "hoursAhead": location.hours_ahead,
        }
        for location in shop.locations
    ]
