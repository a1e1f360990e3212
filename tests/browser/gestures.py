"""What hands do that needs more than a click: dropping files, and filling the clipboard."""

from __future__ import annotations

import base64
from pathlib import Path

from playwright.async_api import Locator, Page

COPY = """
async encoded => {
  const bytes = Uint8Array.from(atob(encoded), each => each.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({"image/png": new Blob([bytes], {type: "image/png"})})]);
}
"""


async def drop(target: Locator, file: Path) -> None:
    """Let a file go over something, as if dragged in from a folder."""
    box = await target.bounding_box()
    assert box is not None
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    session = await target.page.context.new_cdp_session(target.page)
    for kind in ("dragEnter", "dragOver", "drop"):
        await session.send("Input.dispatchDragEvent", {"type": kind, **point, "data": data})
    await session.detach()


async def copy(page: Page, png: bytes) -> None:
    """Put a picture on the clipboard."""
    await page.evaluate(COPY, base64.b64encode(png).decode())
