"""Messages: posted, edited and deleted by Discord's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox.discord import problems
from bot.sandbox.discord.draft import Desk, Draft
from bot.sandbox.discord.multipart import Form
from bot.sandbox.discord.notices import Notices
from bot.sandbox.discord.nouns import (
    CATEGORY,
    DEFAULT,
    EPHEMERAL,
    FORUM,
    HAS_SNAPSHOT,
    LOADING,
    PINNED,
    REPLY,
    STARTER,
    THREAD_CREATED,
    Channel,
    Json,
    Message,
    Reference,
)
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.problems import Problem
from bot.sandbox.discord.threads import Threads
from bot.sandbox.discord.world import World

SYSTEM = frozenset({PINNED, THREAD_CREATED, STARTER})
_TWO_WEEKS = 14 * 86_400
_SEEN_EDITS = frozenset({"content", "embeds", "components", "attachments"})


@dataclass(frozen=True)
class Quote:
    """What a new message refers to."""

    reference: Reference | None = None
    kind: int = DEFAULT
    replied_to: int | None = None
    snapshot: Message | None = None


class Messages:
    """The rules of messages."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._notices = Notices(world)
        self._threads = Threads(world)
        self._spoken: dict[tuple[int, int], float] = {}

    def create(self, channel: Channel, author_id: int, form: Form) -> Message:
        """A member's or the bot's message from its form; the same nonce gives back the same message."""
        self.require_voice(channel, author_id)
        again = self._repeated(author_id, form.fields)
        if again is not None:
            return again
        self._require_patience(channel, author_id)
        quote = self._quote(channel, author_id, form.fields)
        traits = {"kind": quote.kind, "reference": quote.reference, "nonce": form.fields.get("nonce")}
        if quote.snapshot is not None:
            return self.post(channel, author_id, snapshot=quote.snapshot, flags=HAS_SNAPSHOT, **traits)
        draft = Desk(self._world, channel, author_id).write(_without_whisper(form), quote.replied_to)
        return self.post(channel, author_id, draft, **traits)

    def require_voice(self, channel: Channel, author_id: int) -> None:
        """Let the author write here, or say why not."""
        self._world.require(author_id, channel)
        if channel.kind == FORUM:
            raise Problem(problems.NOT_IN_FORUM)
        if channel.kind == CATEGORY:
            raise Problem(problems.NOT_TEXT)
        if (set(channel.recipients) - {author_id}) & self._world.closed_dms:
            raise Problem(problems.CLOSED_DM)
        needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
        self._world.require(author_id, channel, needed)
        if channel.is_thread:
            self._threads.require_voice(channel, author_id)

    def _require_patience(self, channel: Channel, author_id: int) -> None:
        exempt = Permission.BYPASS_SLOWMODE | Permission.MANAGE_MESSAGES | Permission.MANAGE_CHANNELS
        if not channel.slowmode or self._world.users[author_id].bot:
            return
        now = self._world.clock.now()
        left = self._spoken.get((channel.id, author_id), 0) + channel.slowmode - now
        if left > 0 and not self._world.allowed(author_id, channel) & exempt:
            raise Problem(problems.SLOWMODE, retry_after=round(left, 3))
        self._spoken[channel.id, author_id] = now

    def _repeated(self, author_id: int, fields: Json) -> Message | None:
        nonce = fields.get("nonce")
        if nonce is None:
            return None
        if len(str(nonce)) > 25:
            raise problems.invalid("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        known = self._world.nonces.get((author_id, str(nonce)))
        if not fields.get("enforce_nonce") or known is None:
            return None
        channel_id, message_id, sent_at = known
        fresh = self._world.clock.now() - sent_at < self._world.rules.nonce_lives
        return self._world.messages.get(channel_id, {}).get(message_id) if fresh else None

    def _quote(self, channel: Channel, author_id: int, fields: Json) -> Quote:
        wanted = fields.get("message_reference")
        if not wanted:
            return Quote()
        if wanted.get("type") == 1:
            return self._forward(author_id, wanted)
        target_id = int(wanted.get("message_id") or 0)
        target = self._world.messages.get(channel.id, {}).get(target_id)
        if not self._world.allowed(author_id, channel) & Permission.READ_MESSAGE_HISTORY:
            raise Problem(problems.NO_HISTORY)
        if target is None and wanted.get("fail_if_not_exists") is False:
            return Quote()
        if target is None:
            raise problems.invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        if target.kind in SYSTEM:
            words = "Cannot reply to a system message"
            raise problems.invalid("message_reference", "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE", words)
        return Quote(Reference(channel.id, target.id, channel.guild_id), REPLY, target.author_id)

    def _forward(self, author_id: int, wanted: Json) -> Quote:
        source = self._world.channels.get(int(wanted.get("channel_id") or 0))
        needed = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
        if source is None or needed & ~self._world.allowed(author_id, source):
            raise Problem(problems.FORWARD_UNREADABLE)
        message = self._world.message(source.id, int(wanted.get("message_id") or 0))
        if message.kind in SYSTEM:
            raise Problem(problems.SYSTEM_MESSAGE)
        shown = message.snapshot or message
        snapshot = replace(shown, reactions=(), nonce=None, origin=None, reference=None, pinned_at=None)
        return Quote(Reference(source.id, message.id, source.guild_id, kind=1), DEFAULT, None, snapshot)

    def post(self, channel: Channel, author_id: int, draft: Draft | None = None, **traits: Any) -> Message:
        """Put a checked message into the channel, wake and join its thread, and tell everybody."""
        if draft is not None:
            drawn = {name: getattr(draft, name) for name in ("content", "embeds", "components", "attachments")}
            traits = {**drawn, "mentions": draft.mentions, **traits, "flags": traits.get("flags", 0) | draft.flags}
        now = self._world.clock.now()
        message = Message(id=traits.pop("id", None) or self._world.issue(), channel_id=channel.id, author_id=author_id,
                          sent_at=now, **traits)  # fmt: skip
        self._world.vault.hold(message.files)
        self._world.keep(replace(message, nonce=None))
        if message.nonce is not None:
            self._world.nonces[author_id, str(message.nonce)] = (channel.id, message.id, now)
        if message.whispered_to is None:
            self._settle(channel, message)
        self._notices.message("MESSAGE_CREATE", message)
        return message

    def _settle(self, channel: Channel, message: Message) -> None:
        channel = self._world.channel(channel.id)
        if channel.thread is None:
            self._world.change(channel, last_message_id=message.id)
            return
        channel = self._threads.wake(channel)
        for user_id in (message.author_id, *message.mentions.users) if message.kind != STARTER else ():
            channel = self._threads.join(channel, user_id)
        state = channel.thread
        assert state is not None
        counted = int(_counts(message))
        state = replace(state, message_count=state.message_count + counted, total_sent=state.total_sent + counted)
        self._world.change(channel, last_message_id=message.id, thread=state)

    def edit(self, message: Message, author_id: int, form: Form) -> Message:
        """Change one's own message."""
        channel = self._world.channel(message.channel_id)
        self._world.require(author_id, channel)
        self._threads.require_awake(channel)
        if message.kind in SYSTEM:
            raise Problem(problems.SYSTEM_MESSAGE)
        if message.author_id != author_id:
            raise Problem(problems.NOT_OWN)
        return self.revise(message, author_id, _without_whisper(form))

    def revise(self, message: Message, author_id: int, form: Form) -> Message:
        """Rewrite a message and tell everybody; an answer that was awaited counts as written, not as edited."""
        channel = self._world.channel(message.channel_id)
        desk = Desk(self._world, channel, author_id, answering=message.webhook_id is not None)
        draft = desk.rewrite(form, message, self._pinged(message))
        awaited = message.has(LOADING)
        seen = _SEEN_EDITS & set(form.fields) or form.files
        changed = replace(
            message,
            content=draft.content,
            embeds=draft.embeds,
            components=draft.components,
            attachments=draft.attachments,
            mentions=draft.mentions,
            flags=draft.flags & ~LOADING,
            edited_at=self._world.clock.now() if seen and not awaited else message.edited_at,
        )
        self._world.vault.hold(changed.attachments)
        self._world.vault.release(message.attachments)
        self._world.keep(changed)
        self._notices.message("MESSAGE_UPDATE", changed)
        return changed

    def _pinged(self, message: Message) -> int | None:
        if message.kind != REPLY or message.reference is None:
            return None
        target = self._world.messages.get(message.channel_id, {}).get(message.reference.message_id or 0)
        return target.author_id if target and target.author_id in message.mentions.users else None

    def amend(self, message: Message, **changes: Any) -> Message:
        """Change what does not count as an edit, and tell everybody."""
        changed = replace(message, **changes)
        self._world.keep(changed)
        self._notices.message("MESSAGE_UPDATE", changed)
        return changed

    def delete(self, message: Message, actor_id: int) -> None:
        """Delete one's own message, or anybody's as a moderator."""
        channel = self._world.channel(message.channel_id)
        self._world.require(actor_id, channel)
        if message.author_id != actor_id:
            if channel.guild_id is None:
                raise Problem(problems.NOT_IN_DM)
            self._world.require(actor_id, channel, Permission.MANAGE_MESSAGES)
        self._threads.require_awake(channel)
        self.drop(channel, [message.id])

    def delete_many(self, channel: Channel, actor_id: int, message_ids: Sequence[int]) -> None:
        """Delete 2 to 100 messages of the last two weeks at once."""
        self._world.require(actor_id, channel, Permission.MANAGE_MESSAGES)
        if not 2 <= len(message_ids) <= 100:
            raise Problem(problems.BULK_DELETE_COUNT)
        known = [one for one in (self._world.messages.get(channel.id, {}).get(i) for i in message_ids) if one]
        if any(self._world.clock.now() - one.sent_at > _TWO_WEEKS for one in known):
            raise Problem(problems.TOO_OLD_TO_BULK_DELETE)
        self.drop(channel, [one.id for one in known])

    def drop(self, channel: Channel, message_ids: list[int]) -> None:
        """Forget messages and their files, and tell everybody."""
        for message_id in message_ids:
            message = self._world.messages[channel.id].pop(message_id)
            self._world.vault.release(message.files)
            current = self._world.channel(channel.id)
            if current.thread is not None and _counts(message):
                count = max(0, current.thread.message_count - 1)
                self._world.change(current, thread=replace(current.thread, message_count=count))
        if message_ids:
            self._notices.deleted(channel, message_ids)

    def drop_whisper(self, message: Message) -> None:
        """Forget an ephemeral message."""
        self._world.whispers.pop(message.id, None)
        self._world.vault.release(message.attachments)
        channel = self._world.channel(message.channel_id)
        data = {"id": str(message.id), "channel_id": str(channel.id)}
        self._notices.place("MESSAGE_DELETE", channel, data, only=frozenset({message.whispered_to or 0}))


def _counts(message: Message) -> bool:
    return message.id != message.channel_id and message.kind != STARTER


def _without_whisper(form: Form) -> Form:
    flags = int(form.fields.get("flags") or 0) & ~EPHEMERAL if isinstance(form.fields, dict) else 0
    return replace(form, fields={**form.fields, "flags": flags}) if flags != form.fields.get("flags", flags) else form
