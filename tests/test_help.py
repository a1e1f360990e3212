import pytest

from bot.catalogue import load_catalogue
from bot.config import Limits
from bot.views import row
from bot.views.help import PAGES, Command, Help

COMMANDS = [Command("imagine", "Paint a picture"), Command("Edit this picture")]
TEXTS = load_catalogue()
DISCORDS_MOST = 4000


def told(**others: object) -> Help:
    return Help("Easel", COMMANDS, Limits(), TEXTS, **others)  # type: ignore[arg-type]  # the keywords are Help's own


def text(guide: Help, page: str) -> str:
    return "\n".join(guide.page(page))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("hears", [True, False])
@pytest.mark.parametrize("direct", [True, False])
def test_every_page_fits_into_a_message_wherever_it_is_read(page, hears, direct):
    blocks = told(hears=hears, direct=direct).page(page)
    assert all(blocks)
    assert sum(map(len, blocks)) < DISCORDS_MOST


def test_where_plain_words_are_not_heard_it_says_to_mention_the_bot():
    deaf = text(told(hears=False), "start")
    assert "Discord shows me no other messages" in deaf
    assert "just talk" not in deaf
    assert "> @Easel make it night" in deaf
    assert "with the ping on" in text(told(hears=False), "pictures")


def test_in_direct_messages_nobody_needs_to_be_mentioned():
    assert "@Easel" not in text(told(direct=True, hears=False), "start")
    assert "server" not in text(told(direct=True), "rules")


def test_every_button_under_a_picture_is_explained():
    page = text(told(), "pictures")
    assert all(f"- **{TEXTS.say(f'row.{verb}')}** " in page for verb in row.VERBS)


def test_the_commands_are_those_there_are_and_menus_say_where_to_find_them():
    page = text(told(), "rules")
    assert "- `/imagine` Paint a picture" in page
    assert "Apps › **Edit this picture**" in page


def test_a_fence_that_was_taken_away_is_no_limit():
    free = Help("Easel", COMMANDS, Limits(pictures_per_member_hour=0, pictures_per_server_day=0), TEXTS)
    assert "an hour" not in text(free, "rules")
    assert "30 pictures an hour" in text(told(), "rules")
