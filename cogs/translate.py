"""Discord's objects to our nouns: the only place where both meet on the way in."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.catalogue import Catalogue
from bot.config import Discord
from bot.errors import Refusal, Uninvited
from bot.letters import cut, shown
from bot.manners import Manners
from bot.model import Ask, Member, Model, Place, Quoted, Upload
from bot.receipt import flat
from cogs.forwards import forward_of

ASIDE = "//"  #: begins a message that is talk among people
TITLE = 90  #: characters of a thread's name; Discord takes 100
HEAD = 500  #: characters of an ask that a name is made of; the library is slow to take the markdown out of more
TO_PAINT = ("send_messages_in_threads", "attach_files", "read_message_history")  #: permissions, by Discord's names
TO_OPEN = ("create_public_threads", *TO_PAINT)
PICTURE_LINK = re.compile(r"https?://\S+\.(?:png|jpe?g|webp|gif|avif|heic|bmp|tiff?)(?:\?\S*)?", re.IGNORECASE)

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    from discord.abc import MessageableChannel as Where


@dataclass(frozen=True)
class Translator:
    """Knows who the bot is, where it may work, and what a thread without a name is called."""

    client: discord.Client
    catalogue: Catalogue
    settings: Discord
    manners: Manners

    @property
    def me(self) -> int:
        """The bot's own id."""
        assert self.client.user is not None
        return self.client.user.id

    async def ask_from(self, message: discord.Message, choice: int | None = None) -> Ask | None:
        """What the message asks of us, or None: not ours."""
        if not _written_by_a_person(message) or not await self._placed(message) or _is_duplicate_starter(message):
            return None
        words, channel, quoted = self._words(message), message.channel, self._quoted(message)
        aside = message.content.lstrip().startswith(ASIDE) or words.startswith(ASIDE)
        called = self._calls_us(message, quoted)
        if aside or not (called or self._may_ask(message, quoted)):
            return None
        return Ask(
            id=message.id,
            place=self.place(channel, message.id, words),
            member=member(message.author),
            words=words,
            uploads=_uploads(message),
            quoted=quoted,
            message=None if _opens_thread(channel) else message.id,
            choice=choice,
            link=PICTURE_LINK.search(words) is not None,
            overheard=not called,
            language=str(message.guild.preferred_locale) if message.guild else None,
        )

    def is_talk(self, message: discord.Message) -> bool:
        """Whether a message that is no ask was written by a person in a thread."""
        return _written_by_a_person(message) and isinstance(message.channel, discord.Thread)

    def place(self, channel: Where, starter: int, words: str) -> Place:
        """Where an ask in this channel belongs. `starter` is the message that a thread would be opened from."""
        server = channel.guild.id if channel.guild else None
        if _opens_thread(channel):
            place = Place(starter, channel.id, server, title=self._title(words), ours=True)
        else:
            opener = channel.owner_id if isinstance(channel, discord.Thread) else None
            ours = server is None or opener == self.me
            place = Place(channel.id, channel.id, server, ours=ours, starter=None if ours else opener)
        return replace(place, within=_within(channel), restricted=is_restricted(channel))

    async def model(self, interaction: discord.Interaction) -> Model:
        """The model that paints where somebody pressed."""
        assert isinstance(interaction.channel, discord.abc.Messageable)
        held = await self.manners.held(self.place(interaction.channel, interaction.id, ""))
        return held.model

    async def uninvited(self, interaction: discord.Interaction) -> str | None:
        """Why whoever pressed has no say in what is painted there; None where they have one."""
        assert isinstance(interaction.channel, discord.abc.Messageable)
        try:
            await self.manners.admit(self.place(interaction.channel, interaction.id, ""), interaction.user.id)
        except Uninvited as error:
            return self.catalogue.tell(error)
        return None

    def closed(self, channel: Where) -> Refusal | None:
        """Why the bot does not paint there; None where it does."""
        if channel.guild is None:
            return None if self.settings.direct_messages else Refusal("direct_messages_off")
        if not isinstance(channel, discord.Thread | discord.TextChannel):
            return Refusal("no_thread_here")
        if self.settings.age_restricted_channels_only and not channel.is_nsfw():
            return Refusal("age_restricted_only")
        if _is_shut_out(channel):
            return Refusal("not_in_thread")
        lacking = tuple(f"permission.{each}" for each in _lacking(channel))
        return Refusal("permission_missing", names=lacking) if lacking else None

    def barred(self, message: discord.Message) -> Refusal | None:
        """Why the bot paints nothing for this message, whatever it asks; None where it may."""
        hidden = self._hides_quoted(message)
        return self.closed(message.channel) or (Refusal("hidden_reply") if hidden else None)

    def _hides_quoted(self, message: discord.Message) -> bool:
        """Whether somebody's message that this one replies to may hold a picture that we are not shown."""
        reference, me = message.reference, self.me
        quoted = reference.resolved if reference else None
        if not isinstance(quoted, discord.Message) or quoted.author.id == me or not self.is_unheard(quoted):
            return False
        return reference is not None and reference.type is discord.MessageReferenceType.reply

    def is_unheard(self, message: discord.Message) -> bool:
        """Whether Discord keeps its words from us: without the intent it shows only mentions and direct messages."""
        named = message.guild is None or any(user.id == self.me for user in message.mentions)
        return not (self.client.intents.message_content or named)

    def _calls_us(self, message: discord.Message, quoted: Quoted | None) -> bool:
        return self._names_us(message) or (quoted is not None and quoted.author == self.me)

    def _may_ask(self, message: discord.Message, quoted: Quoted | None) -> bool:
        """Words that call nobody may, in threads and direct messages, but for people's talk among themselves."""
        if message.guild is not None and not isinstance(message.channel, discord.Thread):
            return False
        if quoted is not None and quoted.author is not None:
            return quoted.author == message.author.id and bool(quoted.uploads)
        return bool(message.content or message.attachments or message.message_snapshots) or self.is_unheard(message)

    def _names_us(self, message: discord.Message) -> bool:
        roles = [role for role in message.role_mentions if role.tags and role.tags.bot_id == self.me]
        return bool(roles) or any(user.id == self.me for user in message.mentions)

    def _words(self, message: discord.Message) -> str:
        """The member's words without our name in them."""
        own_roles = [role.id for role in message.role_mentions if role.tags and role.tags.bot_id == self.me]
        names = "|".join([rf"<@!?{self.me}>", *(rf"<@&{role}>" for role in own_roles)])
        return re.sub(rf"[ \t]*(?:{names})[ \t]*", " ", message.content).strip()

    async def _placed(self, message: discord.Message) -> bool:
        """Put a message where it belongs, for a thread's can come before the thread itself; False if it can't be."""
        channel = message.channel
        if not isinstance(channel, discord.PartialMessageable) or channel.guild_id is None:
            return True
        try:
            found = await self.client.fetch_channel(channel.id)
        except discord.HTTPException as error:
            log.info("message %s is in a place that can't be seen: %s", message.id, error)
            return False
        assert isinstance(found, discord.abc.Messageable)
        message.channel = found
        return True

    def _quoted(self, message: discord.Message) -> Quoted | None:
        reference = message.reference
        if (
            reference is None
            or reference.message_id is None
            or reference.type is not discord.MessageReferenceType.reply
        ):
            return None
        answered = reference.resolved
        return self.shown_in(answered) if isinstance(answered, discord.Message) else Quoted(reference.message_id)

    def shown_in(self, message: discord.Message) -> Quoted:
        """A message with its pictures, as one is quoted that is replied to."""
        if message.author.id == self.me:
            return Quoted(message.id, self.me, shows=shown(each.filename for each in message.attachments))
        author = message.author
        known = message.webhook_id is None or message.webhook_id == message.application_id
        return Quoted(
            message.id,
            author.id if known else None,  # a person may stand behind a webhook, and nobody knows who
            _uploads(message),
            name=author.display_name,
            free=known and author.bot,
        )

    def _title(self, words: str) -> str:
        name = cut(flat(discord.utils.remove_markdown(words[:HEAD])), TITLE)
        seen = any(each.isprintable() and not each.isspace() for each in name)
        return name if seen else self.catalogue.say("thread.title")


def member(user: discord.abc.User) -> Member:
    """Who asks, with the roles that came along, if they did: messages that are read later bring none."""
    if not isinstance(user, discord.Member):
        return Member(user.id, user.display_name)
    roles = frozenset(role.id for role in user.roles)
    return Member(user.id, user.display_name, roles, user.guild_permissions.manage_guild)


def uploads(attachments: Sequence[discord.Attachment]) -> tuple[Upload, ...]:
    """Files as they were attached; whether they are pictures is told by their content."""
    return tuple(Upload(each.id, str(each.filename), str(each.url), int(each.size)) for each in attachments)


def _uploads(message: discord.Message) -> tuple[Upload, ...]:
    forwarded = uploads([each for snapshot in message.message_snapshots for each in snapshot.attachments])
    forward = forward_of(message)
    return (*uploads(message.attachments), *(replace(each, forward=forward) for each in forwarded))


def _written_by_a_person(message: discord.Message) -> bool:
    kinds = {discord.MessageType.default, discord.MessageType.reply}
    return not message.author.bot and message.webhook_id is None and message.type in kinds


def _is_duplicate_starter(message: discord.Message) -> bool:
    """A thread in a text channel repeats its first message under the thread's id; in a forum that is the message."""
    if message.id != message.channel.id:
        return False
    parent = getattr(message.channel, "parent", None)
    return not isinstance(parent, discord.ForumChannel)


def around(client: discord.Client, channel: int) -> frozenset[int]:
    """A channel or thread, the channel it hangs from, and their category; nothing where it is not known."""
    found = client.get_channel(channel)
    return frozenset(_within(found) if found is not None else ())


def _within(channel: Where | discord.abc.GuildChannel | discord.abc.PrivateChannel) -> tuple[int, ...]:
    """The channel, its parent and its category."""
    parent = channel.parent if isinstance(channel, discord.Thread) else None
    outer = channel.parent_id if isinstance(channel, discord.Thread) else None
    category = getattr(parent or channel, "category_id", None)
    return tuple(each for each in (channel.id, outer, category) if each is not None)


def is_restricted(channel: object) -> bool:
    """Whether a place is age-restricted; a thread takes its channel's flag. Direct messages never are."""
    return isinstance(channel, discord.Thread | discord.TextChannel | discord.VoiceChannel) and channel.is_nsfw()


def _opens_thread(channel: Where) -> bool:
    return isinstance(channel, discord.TextChannel)


def _is_shut_out(channel: discord.Thread | discord.TextChannel) -> bool:
    """A command reaches us from private threads, too, that we are not in and can't write in."""
    private = isinstance(channel, discord.Thread) and channel.is_private() and channel.me is None
    return private and not channel.permissions_for(channel.guild.me).manage_threads


def _lacking(channel: discord.Thread | discord.TextChannel) -> list[str]:
    """The permissions that the bot would need there and has not; none where Discord has not told us of them yet."""
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    if place is None or channel.guild.me is None:
        return []
    locked = isinstance(channel, discord.Thread) and channel.locked
    needed = TO_OPEN if _opens_thread(channel) else (*TO_PAINT, "manage_threads") if locked else TO_PAINT
    return missing(place, channel.guild.me, needed)


def missing(place: discord.abc.GuildChannel, me: discord.Member, needed: Sequence[str]) -> list[str]:
    """Those of the permissions, by Discord's names, that the bot has not got in a channel.

    A text channel's own answer denies files where writing in the channel itself is denied; we write in its threads.
    """
    allowed = discord.abc.GuildChannel.permissions_for(place, me)
    return [each for each in needed if not getattr(allowed, each)]
