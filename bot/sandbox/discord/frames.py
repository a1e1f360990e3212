"""Which file each picture in components and embeds shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.discord.cdn import attachment_id_in
from bot.sandbox.discord.nouns import Attachment
from bot.sandbox.discord.problems import FormErrors
from bot.sandbox.discord.world import World


class Frames:
    """Ties media in components and embeds to attachments: `attachment://name` or our own address."""

    def __init__(self, world: World, attachments: Sequence[Attachment], errors: FormErrors) -> None:
        self._world = world
        self._by_name = {one.filename: one for one in attachments}
        self._by_id = {one.id: one for one in attachments}
        self._errors = errors

    def tie(self, node: Any, path: str = "components") -> Any:
        """The same tree with each known file as a reference to its attachment."""
        if isinstance(node, list | tuple):
            return type(node)(self.tie(one, f"{path}.{i}") for i, one in enumerate(node))
        if not isinstance(node, dict):
            return node
        tied = {key: self._tied(key, value, f"{path}.{key}") for key, value in node.items()}
        shown = self._by_id.get(tied["file"].get("attachment_ref", 0)) if isinstance(tied.get("file"), dict) else None
        return {**tied, "name": shown.filename, "size": shown.size} if shown else tied

    def _tied(self, key: str, value: Any, path: str) -> Any:
        if key not in ("media", "file", "image", "thumbnail") or not isinstance(value, dict) or "url" not in value:
            return self.tie(value, path)
        attachment = self._find(str(value["url"]))
        if attachment is not None:
            return {"attachment_ref": attachment.id}
        if not str(value["url"]).startswith(("http://", "https://")):
            words = f"The referenced attachment could not be found: {value['url']}"
            self._errors.add(f"{path}.url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", words)
        return {"id": "0", "width": None, "height": None, "content_type": None, "proxy_url": value["url"], **value}

    def _find(self, url: str) -> Attachment | None:
        if url.startswith("attachment://"):
            return self._by_name.get(url.removeprefix("attachment://"))
        return self._by_id.get(attachment_id_in(self._world, url) or 0)
