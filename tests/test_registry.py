from typing import Any

import pytest

from cogs.registry import plain

OURS: dict[str, Any] = {
    "name": "imagine",
    "type": 1,
    "description": "Paint",
    "nsfw": False,
    "dm_permission": True,
    "default_member_permissions": 32,
    "contexts": [1, 0],
    "integration_types": [0],
    "options": [{"type": 3, "name": "prompt", "description": "What", "required": True, "max_length": 4000}],
}
THEIRS: dict[str, Any] = OURS | {
    "id": "5",
    "application_id": "6",
    "version": "7",
    "name_localizations": None,
    "description_localizations": {},
    "contexts": [0, 1],
    "default_member_permissions": "32",
    "handler": 1,
    "options": [OURS["options"][0] | {"choices": [], "autocomplete": False, "name_localizations": None}],
}


def test_what_discord_adds_and_reorders_makes_no_difference():
    assert plain(THEIRS) == plain(OURS)


@pytest.mark.parametrize(
    "change",
    [
        {"description": "Draw"},
        {"nsfw": True},
        {"default_member_permissions": None},
        {"contexts": [0]},
        {"description_localizations": {"de": "Male"}},
        {"options": []},
        {"options": [OURS["options"][0] | {"required": False}]},
        {"options": [OURS["options"][0] | {"min_length": 0}]},
        {"options": [OURS["options"][0] | {"choices": [{"name": "a", "value": 0}]}]},
    ],
)
def test_every_change_that_members_would_see_makes_one(change: dict[str, Any]):
    assert plain(THEIRS | change) != plain(OURS)
