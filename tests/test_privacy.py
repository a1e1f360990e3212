"""What members and operators are told of their data is what the program does."""

from pathlib import Path

import pytest

from bot.catalogue import load_catalogue, sentences
from bot.config import Privacy
from bot.kept import FILES, GRACE, TABLES, WINDOW, Fate, Scope
from bot.language import ENGLISH, OTHERS
from bot.letters import TEXT_LIMIT, pages
from bot.moments import DAY

ROOT = Path(__file__).parents[1]
POLICY = (ROOT / "docs" / "privacy.md").read_text("utf-8")
SENTENCES = load_catalogue().texts["privacy"]


def test_the_times_that_the_policy_tells_are_those_that_hold():
    assert f"after {GRACE // DAY} days" in POLICY
    assert f"for {WINDOW // DAY} days, the longest that any limit looks back" in POLICY
    assert f"**‹{Privacy().backup_days}›**" in POLICY


def test_the_policy_names_every_command_for_ones_data():
    for command in ("/privacy", "/my-data export", "/my-data delete", "/retention", "/consent"):
        assert f"`{command}`" in POLICY


def test_every_row_that_names_a_member_has_its_fate():
    for name, kept in TABLES.items():
        assert all(isinstance(fate, Fate) for fate in kept.members.values()), name
        assert set(kept.goes_with) <= {Scope.CONVERSATION, Scope.SERVER}, name
        assert kept.what, name
    assert all(FILES.values())


@pytest.mark.parametrize("language", [ENGLISH, *OTHERS])
def test_a_long_contact_and_a_long_address_make_another_message_and_lose_nothing(language: str):
    said = sentences(language)["privacy"]
    names = ("kept", "moderation", "not_kept", "processed", "deleted", "days", "counts", "backups", "yours")
    lines = [*(said[each] for each in names), "c" * 600, "https://example.org/" + "a" * 600]
    told = pages(lines)
    assert all(len(each) <= TEXT_LIMIT for each in told)
    assert "\n".join(told) == "\n".join(lines)
    assert len(pages(lines[:-2])) == 1, "it must fit one message by itself"
    assert [len(each) for each in pages(["x" * 3000, "y"])] == [TEXT_LIMIT, 1]


def test_reports_blocks_and_the_audit_queue_are_named():
    for page in (POLICY, SENTENCES["moderation"]):
        for what in ("report", "reason", "block", "audit channel", "at most"):
            assert what in page, what
