"""What members and operators are told of their data is what the program does."""

from pathlib import Path

from bot.catalogue import load_catalogue
from bot.config import Privacy
from bot.kept import DAY, FILES, GRACE, TABLES, WINDOW, Fate, Scope

ROOT = Path(__file__).parents[1]
POLICY = (ROOT / "docs" / "privacy.md").read_text("utf-8")
SENTENCES = load_catalogue().texts["privacy"]
POLICY_LENGTH = 2000  # characters of a message


def test_the_times_that_the_policy_tells_are_those_that_hold():
    assert f"after {GRACE // DAY} days" in POLICY
    assert f"for {WINDOW // DAY} days, the longest that any limit looks back" in POLICY
    assert f"**‹{Privacy().backup_days}›**" in POLICY


def test_the_policy_names_every_command_for_ones_data():
    for command in ("/privacy", "/my-data export", "/my-data delete", "/retention", "/consent"):
        assert f"`{command}`" in POLICY


def test_what_is_told_fits_into_a_message():
    told = "\n".join(
        SENTENCES[each]
        for each in ("kept", "not_kept", "processed", "deleted", "no_days", "counts", "backups", "yours")
    )
    assert len(told) < POLICY_LENGTH - 200, "there must be room for a contact and a link"


def test_every_row_that_names_a_member_has_its_fate():
    for name, kept in TABLES.items():
        assert all(isinstance(fate, Fate) for fate in kept.members.values()), name
        assert set(kept.goes_with) <= {Scope.CONVERSATION, Scope.SERVER}, name
        assert kept.what, name
    assert all(FILES.values())
