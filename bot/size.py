"""Sizes of pictures by their names, as Google has them."""

from __future__ import annotations


def pixels(size: str) -> int:
    """The side of a square picture of this size: `2K` is 2048, `512` is 512; 1024 for a size of another form."""
    number = size.removesuffix("K")
    return int(number) * (1024 if size.endswith("K") else 1) if number.isdecimal() else 1024
