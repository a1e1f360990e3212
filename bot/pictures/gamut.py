"""Colours that a file names by a number alone: of those in use, the wide ones of phones need a profile."""

from __future__ import annotations

import struct

from PIL import ImageCms

DISPLAY_P3 = 12  #: as ITU-T H.273 counts; its light is distributed as in sRGB
XYZ = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}  #: its red, green and blue under D50


def profile_of(number: int) -> bytes | None:
    """An ICC profile for these colours; None where the numbers are meant as in sRGB, or nearly so."""
    return _display_p3() if number == DISPLAY_P3 else None


def number_in(head: bytes) -> int:
    """What a box of HEIC or AVIF says of its colours; 0 where it does not."""
    _, found, said = head.partition(b"colrnclx")
    return int.from_bytes(said[:2], "big") if found else 0


def _display_p3() -> bytes:
    """The profile of sRGB, with other corners."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for name, corner in XYZ.items():
        entry = profile.index(name)
        at = int.from_bytes(profile[entry + 4 : entry + 8], "big") + 8
        profile[at : at + 12] = b"".join(struct.pack(">i", round(65536 * each)) for each in corner)
    return bytes(profile)
