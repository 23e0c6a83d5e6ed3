"""Lengths in metres."""

METRES = {"m": 1.0, "km": 1000.0, "ft": 0.3048, "mi": 1609.344}


def convert(value: float, unit: str, to: str) -> float:
    """The value in another unit, to four digits; raises KeyError for a unit that is not known."""
    return round(value * METRES[unit] / METRES[to], 4)
