"""From pixels in bands to one small upright picture in sRGB."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms

from bot.pictures.source import Pixels

GAP = 3.0  #: boxes are averaged down to this many times the size, and a finer filter does the rest
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  #: what sets right how the camera was held


def shrunk(pixels: Pixels, longest: int) -> Image.Image:
    """The picture as people see it: RGB, or RGBA where something shows through. It is never enlarged.

    Each band is shrunk in its width, and all of them together in their height: the very steps in which a whole
    picture is shrunk as well.
    """
    scale = min(1.0, longest / max(pixels.size))
    width, height = (round(side * scale) or 1 for side in pixels.size)
    image = _resized(_narrowed(pixels, width), (width, height))
    return _without_dull_alpha(_srgb(_upright(image, pixels.orientation), pixels.profile))


def _narrowed(pixels: Pixels, width: int) -> Image.Image:
    canvas, top = None, 0
    for band in pixels.bands:
        narrow = _resized(_workable(band), (width, band.height))
        if narrow.height == pixels.size[1]:
            return narrow
        canvas = canvas or Image.new(narrow.mode, (width, pixels.size[1]))
        canvas.paste(narrow, (0, top))
        top += narrow.height
    assert canvas is not None
    return canvas


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=GAP)


def _workable(band: Image.Image) -> Image.Image:
    """Palettes, bits and deep greys as eight-bit channels, which alone can be shrunk well."""
    if band.mode in {"RGB", "L", "CMYK", "YCbCr"} and "transparency" not in band.info:
        return band
    if band.mode.startswith("I;16"):
        return band.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if band.has_transparency_data:
        return band.convert("RGBA").convert("RGBa")  # or what is invisible would bleed into what is not
    return band.convert("RGB")


def _upright(image: Image.Image, orientation: int) -> Image.Image:
    return image.transpose(TURNS[orientation]) if orientation in TURNS else image


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    image = image.convert("RGBA") if image.mode == "RGBa" else image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        if profile:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            image = converted or image
    except (ImageCms.PyCMSError, OSError):
        pass  # a broken profile, or one of another colour space: the numbers as they are come closest
    return image if image.mode == mode else image.convert(mode)


def _without_dull_alpha(image: Image.Image) -> Image.Image:
    """Transparency that hides nothing would only make a PNG of a photograph."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    return image
