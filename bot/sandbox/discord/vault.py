"""The bytes of attachments, kept while a message holds on to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.sandbox.discord.nouns import Attachment


class Vault:
    """Files by attachment id; a forward holds the same file as the message it forwards."""

    def __init__(self) -> None:
        self._files: dict[int, tuple[Attachment, bytes]] = {}
        self._holders: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._files)

    def __iter__(self) -> Iterator[tuple[Attachment, bytes]]:
        return iter(list(self._files.values()))

    def put(self, attachment: Attachment, content: bytes) -> None:
        """Keep a new file."""
        self._files[attachment.id] = (attachment, content)

    def find(self, attachment_id: int) -> tuple[Attachment, bytes] | None:
        """A file and its bytes, or None once nobody holds it any more."""
        return self._files.get(attachment_id)

    def hold(self, attachments: Iterable[Attachment]) -> None:
        """A message has come to carry these."""
        self._holders.update(one.id for one in attachments)

    def release(self, attachments: Iterable[Attachment]) -> None:
        """A message no longer carries these; what no message carries is gone."""
        for one in attachments:
            self._holders[one.id] -= 1
            if self._holders[one.id] <= 0:
                self._files.pop(one.id, None)
                del self._holders[one.id]
