"""What the trade of a shop is like: every rate and every form, with the reason for its default."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopParameters:
    """Rates and forms; shares are of 1, times are seconds, hours are local time.

    No customer's figures are public, so every default is a guess at ordinary retail.
    """

    zipf_exponent: float = 1.0
    """The product of rank r is wanted r ** -zipf_exponent as often as the first."""
    location_exponent: float = 0.5
    """The same for locations: a flagship shop sells more, by less than a favourite product does."""
    opening_stock: int = 400
    """What a position of a product of middling popularity opens with, on average."""

    basket_sizes: tuple[float, ...] = (0.62, 0.2, 0.08, 0.04, 0.025, 0.015, 0.012, 0.008)
    """How many lines a basket has: the share of one line, of two, and so on up to eight."""
    second_piece: float = 0.12
    """The chance of one more piece of a line, asked again after each, up to six."""
    returns: float = 0.08
    """The share of baskets that come back."""
    receipts: float = 0.005
    """The share of events that are deliveries."""
    corrections: float = 0.004
    """The share of events that are stocktake corrections, up or down by a few pieces."""
    receipt_lines: tuple[int, int] = (5, 40)
    """How many products a delivery brings."""
    receipt_pieces: tuple[int, int] = (24, 240)
    """How many pieces of each."""
    oversold: float = 0.02
    """How often a sale goes through although the stock does not suffice, as tills allow."""

    repeats: float = 0.01
    """The share of events that are sent again with the same deltaIds: a retry."""
    repeat_within: float = 30.0
    """A retry follows after at most this."""
    late: float = 0.01
    """The share of events that are sent late, and so behind what happened after them."""
    late_by: float = 900.0
    """A late event is sent after at most this; a till was offline, say."""

    change_rate: float = 0.05
    """The share of positions where the nightly count finds other stock than was known."""
    full_load_at: float = 2 * 3600.0
    """When the nightly full load is sent, in seconds of the day."""
    snapshot_age: float = 1800.0
    """How long before that its counts were taken: deltas in between are not in them."""
    changes_every: float = 300.0
    """How often counts of positions that changed are sent in a batch."""
    changes_share: float = 0.2
    """The share of changed positions that such a batch holds; 0 sends none."""

    receipts_at: tuple[float, float] = (4.0, 9.0)
    """The local hours in which deliveries are booked."""
    opens: tuple[float, float] = (8.0, 10.0)
    """The earliest and the latest local hour in which a location opens."""
    closes: tuple[float, float] = (18.0, 22.0)
    """The same for its closing."""
    hours_ahead: tuple[float, ...] = (-2.0, -0.5, 0.0, 0.0, 0.0, 2.0)
    """How far the clocks of locations are ahead of the retailer's, by which a day is told; one that
    comes twice is as likely again."""

    promotion_share: float = 0.02
    """The share of products that are on promotion."""
    promotion_factor: float = 5.0
    """How many times as often these are sold while it lasts."""
    promotion_hours: tuple[float, float] = (10.0, 16.0)
    """The local hours of the promotion."""
    flash_factor: float = 200.0
    """How many times as often the one product of the flash sale is sold."""
    flash_at: float = 12.0
    """The hour of the day at which the flash sale begins, everywhere at once."""
    flash_minutes: float = 15.0
    """How long it lasts."""


DEFAULT_PARAMETERS = ShopParameters()
