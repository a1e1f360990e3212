"""What a file is, told by its first bytes and never by its name."""

from __future__ import annotations

from bot.errors import BadPicture

HEAD = 1024  #: bytes that tell
MIMES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "HEIF": "image/heic",
    "AVIF": "image/avif",
}
STILL = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
}
MOVING = (b"\x1aE\xdf\xa3", b"FLV\x01", b"OggS", b"\0\0\1\xba", b"\0\0\1\xb3", b"0&\xb2u\x8ef\xcf\x11")
RAW = (b"IIRO", b"IIRS", b"IIU\0", b"FUJIFILM", b"FOVb", b"II*\0\x10\0\0\0CR", b"\0\0\0\x18ftypcrx ")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def sniff(head: bytes) -> str:
    """Pillow's name of the format, by the first bytes (HEAD are enough). Raises BadPicture."""
    if not head:
        raise BadPicture("empty")
    if head.startswith(RAW):
        raise BadPicture("raw")
    for magic, name in STILL.items():
        if head.startswith(magic):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return _container(head) or _refused(head[:HEAD])


def _container(head: bytes) -> str | None:
    """HEIC and AVIF share their box format with video; the brands tell."""
    if head[4:8] != b"ftyp":
        return None
    size = min(int.from_bytes(head[:4], "big"), 256)
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & HEIC_BRANDS else None


def _refused(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%!PS") or (start.startswith(b"<") and b"<svg" in start.lower()):
        raise BadPicture("vector")
    boxed = head[4:8] in {b"ftyp", b"moov", b"mdat"}
    if boxed or head.startswith(MOVING) or (head[:4] == b"RIFF" and head[8:12] == b"AVI "):
        raise BadPicture("video")
    raise BadPicture("not_a_picture")
