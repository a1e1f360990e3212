"""The server people find in the sandbox: the Paint Club. The same ids at every start."""

from __future__ import annotations

from typing import Any

from bot.sandbox.discord.nouns import (
    CATEGORY,
    DM,
    FORUM,
    TEXT,
    Application,
    Channel,
    Guild,
    Member,
    Overwrite,
    Role,
    Tag,
    User,
)
from bot.sandbox.discord.permissions import Permission as P  # noqa: N817 - a page of permissions reads better so
from bot.sandbox.discord.snowflake import snowflake_at
from bot.sandbox.discord.world import World

BOT_TOKEN = "sandbox-bot-token"  # noqa: S105 - opens nothing but the sandbox
_FOUNDED = 1_767_225_600.0

TALKING = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.READ_MESSAGE_HISTORY
    | P.ATTACH_FILES
    | P.EMBED_LINKS
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
    | P.USE_APPLICATION_COMMANDS
    | P.USE_EXTERNAL_APPS
    | P.CHANGE_NICKNAME
    | P.CREATE_PUBLIC_THREADS
)
MODERATING = (
    P.MANAGE_GUILD
    | P.MANAGE_MESSAGES
    | P.MANAGE_THREADS
    | P.PIN_MESSAGES
    | P.MENTION_EVERYONE
    | P.MODERATE_MEMBERS
    | P.BYPASS_SLOWMODE
    | P.CREATE_PRIVATE_THREADS
)
PAINTING = (
    P.VIEW_CHANNEL
    | P.SEND_MESSAGES
    | P.SEND_MESSAGES_IN_THREADS
    | P.CREATE_PUBLIC_THREADS
    | P.ATTACH_FILES
    | P.EMBED_LINKS
    | P.READ_MESSAGE_HISTORY
    | P.ADD_REACTIONS
    | P.USE_EXTERNAL_EMOJIS
)
SPEAKING = P.SEND_MESSAGES | P.SEND_MESSAGES_IN_THREADS | P.CREATE_PUBLIC_THREADS | P.CREATE_PRIVATE_THREADS

GUILD = snowflake_at(_FOUNDED, 1)
MODERATOR, PAINTER, GUEST, EASEL = (snowflake_at(_FOUNDED, 10 + i) for i in range(4))
JUNE, ANA, BEN, CLEO, BOT = (snowflake_at(_FOUNDED, 20 + i) for i in range(5))
APPLICATION = snowflake_at(_FOUNDED, 30)
CLUB, STUDIO, PHOTOS, LOUNGE, SHOWCASE, ANNOUNCEMENTS, AFTER_DARK = (snowflake_at(_FOUNDED, 40 + i) for i in range(7))
PORTRAITS, LANDSCAPES = (snowflake_at(_FOUNDED, 60 + i) for i in range(2))
DIRECT = snowflake_at(_FOUNDED, 70)


def paint_club(bot_token: str = BOT_TOKEN) -> World:
    """June owns the club and keeps away; Ana moderates, Ben paints, Cleo visits, Easel is the bot."""
    world = World(Application(APPLICATION, BOT, "Easel"))
    people = {"june": JUNE, "ana": ANA, "ben": BEN, "cleo": CLEO}
    world.users = {one: User(one, name, name.capitalize()) for name, one in people.items()}
    world.users[BOT] = User(BOT, "Easel", bot=True)
    world.tokens = {**people, f"Bot {bot_token}": BOT}
    world.guilds = {GUILD: _guild()}
    places = [*_places(), *_direct_channels(people)]
    world.channels = {one.id: one for one in places}
    return world


def _guild() -> Guild:
    roles = [
        Role(GUILD, "@everyone", int(TALKING), position=0),
        Role(GUEST, "Guest", 0, 0x95A5A6, 1),
        Role(PAINTER, "Painter", 0, 0x2A9D8F, 2, mentionable=True),
        Role(MODERATOR, "Moderator", int(MODERATING), 0xE76F51, 3),
        Role(EASEL, "Easel", int(PAINTING), 0x7B61FF, 4, managed=True, bot_id=BOT),
    ]
    members = [
        Member(JUNE),
        Member(ANA, (MODERATOR,)),
        Member(BEN, (PAINTER,)),
        Member(CLEO, (GUEST,)),
        Member(BOT, (EASEL,)),
    ]
    guild = Guild(GUILD, "Paint Club", JUNE)
    guild.roles = {one.id: one for one in roles}
    guild.members = {one.user_id: one for one in members}
    return guild


def _places() -> list[Channel]:
    topics = "Ask Easel for a picture", "Photos and what Easel makes of them", "Anything else", "Finished pieces"
    # Guests look on in #photos: they write there, but open no threads.
    guests = Overwrite(GUEST, deny=int(P.CREATE_PUBLIC_THREADS | P.CREATE_PRIVATE_THREADS))
    nobody = Overwrite(GUILD, deny=int(SPEAKING))
    # A bot's own role comes with permissions, so the channel has to silence it as well.
    not_even_easel = Overwrite(EASEL, deny=int(SPEAKING))
    moderators = Overwrite(MODERATOR, allow=int(SPEAKING))
    tags = Tag(PORTRAITS, "Portrait", "🎨"), Tag(LANDSCAPES, "Landscape", "🏞️")
    return [
        Channel(CLUB, CATEGORY, "Paint Club", GUILD),
        _place(STUDIO, "studio", 1, topic=topics[0]),
        _place(PHOTOS, "photos", 2, topic=topics[1], overwrites=(guests,)),
        _place(LOUNGE, "lounge", 3, topic=topics[2]),
        _place(SHOWCASE, "showcase", 4, kind=FORUM, topic=topics[3], tags=tags),
        _place(ANNOUNCEMENTS, "announcements", 5, overwrites=(nobody, not_even_easel, moderators)),
        _place(AFTER_DARK, "after-dark", 6, nsfw=True),
    ]


def _place(channel_id: int, name: str, position: int, **more: Any) -> Channel:
    place: dict[str, Any] = {"kind": TEXT, "guild_id": GUILD, "parent_id": CLUB, **more}
    return Channel(channel_id, name=name, position=position, **place)


def _direct_channels(people: dict[str, int]) -> list[Channel]:
    return [Channel(DIRECT + i, DM, recipients=(one, BOT)) for i, one in enumerate(people.values())]
