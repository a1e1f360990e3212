"""What people change by a press, a form or a command: how, what is there once it is done, and what they hear of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from bot.sandbox import Member, Post
from bot.sandbox.discord import seed
from bot.sandbox.discord.post import Outcome
from tests.e2e.books import left
from tests.e2e.sketches import photo
from tests.e2e.stage import PAINTING, Stage, sentence
from tests.e2e.test_audit import choose as choose_log
from tests.e2e.test_audit import panel as more
from tests.e2e.test_audit import report_in, reported, whisper
from tests.e2e.test_consent import ONCE, asked_in_lounge, consent
from tests.e2e.test_moderation_panel import choose, press
from tests.e2e.test_moderation_panel import panel as limits
from tests.e2e.test_recipes import menu
from tests.e2e.test_settings import panel as settings
from tests.e2e.test_which_picture import two_photos

DECISIONS = ("rules", "role_limits", "stances", "consents", "preferences", "word_lists", "audit")
HEAD = "SELECT 1 FROM conversations WHERE id = {} AND head_number = {}"
CHANGE = "SELECT 1 FROM audit WHERE kind = 'change' AND told LIKE '%{}%'"
TURNS = "SELECT 1 FROM turns WHERE conversation = {}"


@dataclass(frozen=True)
class Deed:
    """About to be done by somebody."""

    by: Member
    do: Callable[[], Awaitable[Outcome]]
    trace: str  #: finds a row more once it is done
    told: str  #: is read once by whoever did it

    def rows(self, stage: Stage) -> int:
        return len(left(stage, self.trace))

    def says(self, post: Post, before: dict[int, Post]) -> bool:
        """Whether a message says so that was not there before, or was another."""
        return before.get(post.id) is not post and self.told in post.text


Ready = Callable[[Stage], Awaitable[Deed]]


@contextmanager
def writing(stage: Stage) -> Iterator[sqlite3.Connection]:
    """The bot's database, past the bot."""
    with closing(sqlite3.connect(stage.bot.folder / "data" / "easel.db", timeout=10)) as database, database:
        yield database


def forget(stage: Stage) -> None:
    """Nothing is decided any more."""
    with writing(stage) as database:
        for table in DECISIONS:
            database.execute(f"DELETE FROM {table}")


# -- in a thread -------------------------------------------------------------------------------------------------------


async def undo(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    second = await canvas.ask("make it night")
    undo = second.buttons["Undo"]
    return Deed(stage.ana, lambda: stage.ana.press(second, undo), HEAD.format(canvas.id, 1), "went back a step")


async def go_on_from_another(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    second, _ = await canvas.ask("make it night"), await canvas.ask("add a boat")
    assert (await stage.ana.press(second, second.buttons["Undo"])).ok
    offer = await whisper(stage.ana, sentence("row.not_newest", number=2), second.id)
    return Deed(
        stage.ana,
        lambda: stage.ana.press(offer, offer.buttons["Edit from v1"]),
        HEAD.format(canvas.id, 1),
        "goes on from",
    )


async def use_as_the_base(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    second = await canvas.ask(pictures=[photo("gold")])
    use, told = second.buttons[sentence("button.use_as_base")], sentence("button.based", version="v3")
    return Deed(stage.ana, lambda: stage.ana.press(second, use), HEAD.format(canvas.id, 3), told)


async def pick(stage: Stage) -> Deed:
    canvas, both = await two_photos(stage)
    picker = await canvas.answer(await canvas.say("make it a painting", reply_to=both))
    told = sentence("picker.taken", name="v2")
    return Deed(
        stage.ana,
        lambda: stage.ana.press(picker, picker.buttons["v2"]),
        f"{TURNS.format(canvas.id)} AND base = 2",
        told,
    )


async def use_a_recipe(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    told = sentence("recipe.taken", name="Paper craft")
    return Deed(stage.ana, lambda: stage.ana.slash(canvas.id, "recipe", name="paper"), TURNS.format(canvas.id), told)


async def use_a_recipe_of_the_menu(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    shown, told = await menu(stage, await canvas.first()), sentence("recipe.taken", name="Miniature")
    return Deed(stage.ana, lambda: stage.ana.choose(shown, "recipe:1:0", "miniature"), TURNS.format(canvas.id), told)


async def delete(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    opened = await more(stage.ana, await canvas.first())
    assert (await stage.ana.press(opened, opened.buttons["Delete…"])).ok
    sure = await whisper(stage.ana, sentence("more.sure", number=1), opened.id)
    trace = f"SELECT 1 FROM versions WHERE conversation = {canvas.id} AND deleted_at IS NOT NULL"
    return Deed(stage.ana, lambda: stage.ana.press(sure, "erase:1"), trace, sentence("more.deleted", number=1))


async def cancel_anothers(stage: Stage) -> Deed:
    canvas = await stage.canvas(by=stage.ben)
    gate = stage.sandbox.faults.add("hold", "POST", PAINTING)
    await canvas.say("make it night")
    await stage.until(lambda: gate.seen)
    waiting = await canvas.say("add a boat")
    status = await canvas.seen_by(stage.ana).status(waiting)
    trace = f"SELECT 1 FROM turns WHERE id = {waiting.id} AND state = 'cancelled'"
    return Deed(stage.ana, lambda: stage.ana.press(status, status.buttons["Cancel"]), trace, "🛑 Ana cancelled")


async def choose_a_setting(stage: Stage) -> Deed:
    canvas = await stage.canvas()
    shown = await settings(stage.ana, canvas.id)
    trace = f"SELECT 1 FROM preferences WHERE place = {canvas.id} AND name = 'size'"
    return Deed(stage.ana, lambda: stage.ana.choose(shown, "set:here:size", "2K"), trace, "changed this thread's")


async def choose_a_default(stage: Stage) -> Deed:
    shown = await settings(stage.ana, "studio")
    trace = f"SELECT 1 FROM preferences WHERE place = {seed.GUILD} AND name = 'ratio'"
    return Deed(stage.ana, lambda: stage.ana.choose(shown, "set:server:ratio", "16:9"), trace, "changed this server's")


# -- one's own ---------------------------------------------------------------------------------------------------------


async def say_who_may_edit(stage: Stage) -> Deed:
    shown = await consent(stage.ana)
    trace = f"SELECT 1 FROM consents WHERE member = {seed.ANA}"
    return Deed(stage.ana, lambda: stage.ana.choose(shown, "stance", "never"), trace, sentence("consent.panel"))


async def say_yes(stage: Stage) -> Deed:
    _, ask, asked = await asked_in_lounge(stage, "add a pond")
    trace = f"SELECT 1 FROM turns WHERE id = {ask.id}"
    return Deed(stage.ben, lambda: stage.ben.press(asked, asked.buttons[ONCE]), trace, "said yes to **Cleo**")


async def report(stage: Stage) -> Deed:
    opened = await more(stage.cleo, await (await stage.canvas()).first())
    form = (await stage.cleo.press(opened, opened.buttons["Report…"])).form
    assert form is not None
    trace = "SELECT 1 FROM audit WHERE kind = 'report'"
    return Deed(stage.cleo, lambda: stage.cleo.submit(form, reason="rude"), trace, "Thank you. ")


# -- moderators --------------------------------------------------------------------------------------------------------


async def dismiss_a_report(stage: Stage) -> Deed:
    words = f"a rude gesture {len(stage.ana.seen)}"
    await reported(stage.cleo, await (await stage.canvas(words)).first(), "rude")
    await choose_log(stage, seed.LOUNGE)  # it was kept until there is a place, and nothing else is told there before
    post = await report_in(stage, words)
    trace = "SELECT 1 FROM audit WHERE kind = 'report' AND told LIKE '%dismiss%'"
    dismiss, told = post.buttons["Dismiss"], f"<@{seed.ANA}> closed this report"
    return Deed(stage.ana, lambda: stage.ana.press(post, dismiss), trace, told)


async def choose_the_audit_channel(stage: Stage) -> Deed:
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit", channel=seed.STUDIO)).ok
    asked = await whisper(stage.ana, "Nothing is changed yet", newest)
    choose_it, trace = asked.buttons["Choose it all the same"], CHANGE.format(f'"after": {seed.STUDIO}')
    return Deed(stage.ana, lambda: stage.ana.press(asked, choose_it), trace, f"From now on <#{seed.STUDIO}> reads")


async def turn_the_audit_log_off(stage: Stage) -> Deed:
    await choose_log(stage, seed.LOUNGE)
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("studio", "audit")).ok
    shown = await whisper(stage.ana, "", newest)
    trace = CHANGE.format(f'"before": {seed.LOUNGE}')
    return Deed(stage.ana, lambda: stage.ana.press(shown, "audit:off"), trace, "The audit log is off")


async def keep_for_days(stage: Stage) -> Deed:
    canvas = await stage.canvas("an old house")
    with writing(stage) as database:
        database.execute("UPDATE turns SET asked_at = asked_at - 400000 WHERE conversation = ?", (canvas.id,))
    newest = max(stage.ana.seen, default=0)
    assert (await stage.ana.slash("lounge", "retention", days=4)).ok
    sure = await whisper(stage.ana, sentence("privacy.retain_sure", days=4), newest)
    told = sentence("privacy.days", days=4)
    return Deed(stage.ana, lambda: stage.ana.press(sure, "retain:4"), CHANGE.format("retention_days"), told)


async def block(stage: Stage) -> Deed:
    trace = f"SELECT 1 FROM stances WHERE subject = {seed.CLEO}"
    told = f"🚫 <@{seed.CLEO}> can't ask me"
    return Deed(stage.ana, lambda: stage.ana.slash("studio", "block", member=seed.CLEO, reason="x"), trace, told)


async def unblock(stage: Stage) -> Deed:
    assert (await stage.ana.slash("studio", "block", member=seed.BEN, reason="x")).ok
    told = sentence("limits.unblocked", member=f"<@{seed.BEN}>")
    return Deed(stage.ana, lambda: stage.ana.slash("studio", "unblock", member=seed.BEN), CHANGE.format("lifted"), told)


async def add_a_word(stage: Stage) -> Deed:
    trace = CHANGE.format('"added": ["axolotl"]')
    return Deed(stage.ana, lambda: stage.ana.slash("studio", "words add", words="axolotl"), trace, "axolotl")


async def heed_automod(stage: Stage) -> Deed:
    trace = CHANGE.format('"automod"')
    return Deed(stage.ana, lambda: stage.ana.slash("studio", "words automod", on=False), trace, "AutoMod")


async def decide_for_all_who_say_nothing(stage: Stage) -> Deed:
    trace = CHANGE.format('"name": "consent"')
    told = "From now on, for everybody in this server"
    return Deed(stage.ana, lambda: stage.ana.slash("lounge", "consent", default="never"), trace, told)


async def block_a_role(stage: Stage) -> Deed:
    shown = await choose(stage.ana, await limits(stage.ana), "limits:role", seed.GUEST)
    trace, block_it = f"SELECT 1 FROM stances WHERE subject = {seed.GUEST}", shown.buttons["Block this role"]
    return Deed(stage.ana, lambda: stage.ana.press(shown, block_it), trace, "🚫 Blocked")


async def set_a_budget(stage: Stage) -> Deed:
    shown = await press(stage.ana, await limits(stage.ana), "Whole server")
    form = (await stage.ana.press(shown, "limits:form:budgets:0")).form
    assert form is not None
    values = dict.fromkeys(form.fields, "")
    values[next(iter(values))] = "77"
    return Deed(stage.ana, lambda: stage.ana.submit_values(form, values), CHANGE.format('"after": 77'), "77")


def _named(*deeds: Ready) -> dict[str, Ready]:
    return {each.__name__.replace("_", " "): each for each in deeds}


FIRST_WAVE: dict[str, Ready] = _named(
    undo,
    go_on_from_another,
    use_as_the_base,
    pick,
    use_a_recipe,
    use_a_recipe_of_the_menu,
    delete,
    cancel_anothers,
    choose_a_setting,
    choose_a_default,
    say_who_may_edit,
    say_yes,
    report,
    choose_the_audit_channel,
    keep_for_days,
)
SECOND_WAVE: dict[str, Ready] = _named(  # after which some may ask for nothing any more
    turn_the_audit_log_off,
    block,
    unblock,
    add_a_word,
    heed_automod,
    decide_for_all_who_say_nothing,
    block_a_role,
    set_a_budget,
)
