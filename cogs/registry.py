"""The bot's commands as Discord knows them: compared with ours, and told anew only where they differ.

Discord takes 200 new commands a day and shows members the old ones for a while after each change, so a start that
changes nothing says nothing.
"""

from __future__ import annotations

import logging
from typing import Any

import discord
from discord import app_commands

from bot.catalogue import Catalogue
from cogs.wording import Wording

log = logging.getLogger(__name__)

MEANT = frozenset(
    {
        *("name", "description", "type", "options", "nsfw", "default_member_permissions", "contexts"),
        *("integration_types", "name_localizations", "description_localizations", "required", "choices", "value"),
        *("channel_types", "autocomplete", "min_value", "max_value", "min_length", "max_length"),
    }
)  #: what we say of a command; ids, versions and deprecated fields are Discord's own
UNORDERED = frozenset({"contexts", "integration_types", "channel_types"})

Tree = app_commands.CommandTree[Any]


async def sync(tree: Tree, catalogue: Catalogue) -> None:
    """Tell Discord our commands, if it knows others."""
    if changed := await differing(tree, catalogue):
        client = tree.client
        assert client.application_id is not None
        await client.http.bulk_upsert_global_commands(client.application_id, payload=told(tree, catalogue))
        log.info("commands that Discord did not know like this were told: %s", ", ".join(changed))
    else:
        log.info("Discord knows the commands as they are: nothing to tell")


async def differing(tree: Tree, catalogue: Catalogue) -> list[str]:
    """The names of commands that Discord knows differently, does not know yet, or knows still."""
    ours, theirs = _by_name(told(tree, catalogue)), await _theirs(tree.client)
    return sorted({each[0] for each in ours.keys() | theirs.keys() if ours.get(each) != theirs.get(each)})


def told(tree: Tree, catalogue: Catalogue) -> list[Any]:
    """Our commands, in every language."""
    wording = Wording(catalogue)
    return [wording.dress(each, each.to_dict(tree)) for each in tree.get_commands()]


async def _theirs(client: discord.Client) -> dict[tuple[str, int], Any]:
    # The library's own call leaves the translations out.
    route = discord.http.Route("GET", "/applications/{me}/commands", me=client.application_id)
    return _by_name(await client.http.request(route, params={"with_localizations": "true"}))


def _by_name(commands: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    return {(each["name"], each.get("type", 1)): plain(each) for each in commands}


def plain(node: Any) -> Any:
    """A command without what goes without saying: Discord leaves out some of what is empty, and adds the rest."""
    if isinstance(node, list):
        return [plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: _value(key, value) for key, value in node.items() if key in MEANT and not _is_nothing(value)}


def _value(key: str, value: Any) -> Any:
    if key in UNORDERED:
        return sorted(value)
    if key == "default_member_permissions":
        return str(value)
    return value if key.endswith("_localizations") else plain(value)


def _is_nothing(value: Any) -> bool:
    """0 is something: the least value of an option, or a choice."""
    return value is None or value is False or value in ("", [], {})
