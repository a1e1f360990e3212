import contextlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.config import Settings, load
from bot.errors import Unstartable
from bot.model import Memory, Model

SECRETS = {"DISCORD_TOKEN": "a token", "GEMINI_API_KEY": "a key"}
EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
MODEL = """
[[gemini.models]]
id = "mine"
name = "Mine"
sizes = ["1K"]
ratios = ["1:1"]
pictures = 2
thinking = ["low"]
signatures = false
seconds = 3
longest_side = 512
price = { text_in = 1, text_out = 2, image_out = 3, picture_in_tokens = 4, picture_out_tokens = { "1K" = 5 } }
"""


@pytest.fixture
def settings(tmp_path: Path):
    def loaded(text: str, **environ: str) -> Settings:
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        return load(tmp_path / "config.toml", SECRETS | environ)

    return loaded


@pytest.fixture
def problems(settings: Any):
    def told(text: str, **environ: str) -> list[str]:
        with pytest.raises(Unstartable) as caught:
            settings(text, **environ)
        assert caught.value.key == "config"
        return [line.removeprefix("- ") for line in str(caught.value.values["problems"]).splitlines()]

    return told


def flat(table: dict[str, Any], above: str = "") -> set[str]:
    keys = set()
    for name, value in table.items():
        rows = value if isinstance(value, list) else [value]
        tables = [row for row in rows if isinstance(row, dict) and name != "picture_out_tokens"]
        keys |= {key for row in tables for key in flat(row, f"{above}{name}.")} or {above + name}
    return keys


def uncommented() -> str:
    return re.sub(r"(?m)^#(?=[\[a-z])", "", EXAMPLE.read_text(encoding="utf-8"))


def test_without_a_file_every_value_is_the_documented_default():
    found = load(None, SECRETS)
    assert found.discord.api_url == "https://discord.com/api/v10"
    assert found.discord.cdn_hosts == ("cdn.discordapp.com", "media.discordapp.net")
    assert found.discord.message_content_intent
    assert not found.discord.direct_messages
    assert not found.discord.age_restricted_channels_only
    assert (found.discord.stop_seconds, found.discord.catch_up_hours, found.discord.catch_up_messages) == (8, 24, 100)
    assert found.discord.catch_up_asks == 10
    assert found.gemini.model == "gemini-nano-banana-2.1"
    assert (found.gemini.at_once, found.gemini.size, found.gemini.memory) == (100, "1K", Memory.FOCUSED)
    assert set(found.gemini.safety.values()) == {"BLOCK_LOW_AND_ABOVE"}
    assert found.storage.directory == Path("data")
    assert found.health.address == ("127.0.0.1", 8080)
    assert (found.limits.pictures_per_member_hour, found.limits.pictures_per_server_day) == (30, 1000)
    assert (found.limits.dollars_per_10_minutes, found.limits.dollars_per_day) == (8, 50)
    assert found.limits.role == ()


def test_the_example_file_is_the_defaults():
    assert load(EXAMPLE, SECRETS) == load(None, SECRETS)


def test_the_example_file_with_its_examples_taken_loads(settings: Any):
    found = settings(uncommented())
    assert found.limits.role[0].role == 123456789012345678
    assert "gemini-nano-banana-3" in found.gemini.models


def test_the_example_file_names_every_key_and_no_other():
    assert flat(tomllib.loads(uncommented())) == set(config.keys())


def test_the_example_file_explains_every_key_in_one_line():
    settings = [line for line in uncommented().splitlines() if re.match(r"[a-z_0-9]+ =", line)]
    assert [line for line in settings if not re.search(r" # \w?", line)] == []


def test_settings_cannot_be_changed(settings: Any):
    with pytest.raises(ValueError, match="frozen"):
        settings("").discord.api_url = "https://elsewhere.example"


def test_keys_stand_in_the_order_of_the_file_and_an_empty_name_for_none(settings: Any):
    found = settings('[storage]\nencryption_keys_env = ["", "NEW"]', NEW="k" * 32)
    assert [each.value for each in found.keys] == ["", "k" * 32]
    assert not found.keyring.first
    assert found.keyring.closed
    assert "k" * 32 in found.secrets
    assert "kkk" not in repr(found)


def test_secrets_come_from_the_variables_that_the_file_names(settings: Any):
    found = settings('[discord]\ntoken_env = "OTHER"', OTHER=" shape does not matter \n")
    assert found.token.value == "shape does not matter"
    assert found.api_key.value == "a key"


def test_who_works_on_what_is_kept_alone_needs_only_the_keys_to_it(tmp_path: Path):
    file = tmp_path / "config.toml"
    file.write_text('[storage]\nencryption_keys_env = ["EASEL_KEY"]\n[discord]\ncatch_up_hours = 5\n')
    with pytest.raises(Unstartable, match="EASEL_KEY") as caught:
        load(file, {}, outward=False)
    assert "DISCORD_TOKEN" not in str(caught.value)
    found = load(file, {"EASEL_KEY": "k" * 40}, outward=False)
    assert (found.token.value, found.api_key.value, found.discord.catch_up_hours) == ("", "", 5)


def test_a_secret_is_stars_wherever_it_is_printed(settings: Any):
    found = settings("", DISCORD_TOKEN="hush-hush")
    printed = f"{found} {found!r} {found.token} {found.token!r} {[found.token]}"
    assert "hush-hush" not in printed
    assert "*****" in printed


@pytest.mark.parametrize("value", ["", "  \n"])
def test_an_empty_secret_is_a_problem_with_the_name_of_its_variable(problems: Any, value: str):
    told = problems("", DISCORD_TOKEN=value)
    assert told == ["discord.token_env names DISCORD_TOKEN that is empty or not set: export the secret under that name"]


@pytest.mark.parametrize("text", ['token_env = "MTIz.Zm.hush"', 'token = "MTIz.Zm.hush"', 'token_env = "AIzahush"'])
def test_a_secret_in_the_file_is_refused_and_never_repeated(problems: Any, text: str):
    told = problems(f"[discord]\n{text}")
    assert len(told) == 1
    assert told[0].startswith("line 2: discord.token")
    assert "hush" not in told[0]


def test_every_problem_is_told_at_once_by_line_with_its_key(problems: Any):
    told = problems(
        """
[discord]
cdn_host = ["x"]
api_url = "discord.com"
direct_messages = "yes"

[gemini]
at_once = 0
model = "gemini-2.0-flash-exp"

[limits]
dollars_per_day = -1
""",
        GEMINI_API_KEY="",
    )
    assert [line.split(" ", 3)[:3] for line in told] == [
        ["line", "3:", "discord.cdn_host"],
        ["line", "4:", "discord.api_url"],
        ["line", "5:", "discord.direct_messages"],
        ["line", "7:", "gemini.api_key_env"],
        ["line", "8:", "gemini.at_once"],
        ["line", "9:", "gemini.model"],
        ["line", "12:", "limits.dollars_per_day"],
    ]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("discord = 3", "discord must be a table"),
        ("[disco]", "disco is not a key of Easel's. Did you mean discord"),
        ("[zebra]", "zebra is not a key of Easel's: remove it"),
        ("at_once = 3", "at_once is not a key of Easel's. Did you mean gemini.at_once?"),
        ("[discord]\ncdn_host = []", "Did you mean discord.cdn_hosts?"),
        ("[[limits.role]]\nrole = 1\nmodel = 3", "Did you mean limits.role.models?"),
        ("[discord]\ncdn_hosts = 'x'", "discord.cdn_hosts must be a list in square brackets"),
        ("[discord]\ncdn_hosts = ['https://x.y']", "discord.cdn_hosts[0] must be a host name alone"),
        ("[discord]\ncdn_hosts = ['x.y:80']", "discord.cdn_hosts[0] must be a host name alone"),
        ("[discord]\ngateway_url = 'https://x.y'", "must be a whole address that starts with wss://"),
        ("[discord]\napi_url = 'http://[x'", "must be a whole address that starts with https://"),
        ("[discord]\ndirect_messages = 1", "must be true or false, without quotes, not 1"),
        ("[discord]\nstop_seconds = -1", "discord.stop_seconds must be 0 or more, not -1"),
        ("[gemini]\nat_once = '5'", 'gemini.at_once must be a whole number, without quotes, not "5"'),
        ("[gemini]\nat_once = 2.5", "gemini.at_once must be a whole number"),
        ("[gemini]\nmodel = 'x'", "it knows gemini-nano-banana-2.1, gemini-3-pro-image"),
        ("[gemini]\nsize = '1k'", "gemini.size must be a size of the model: 1K, 2K, 4K"),
        ("[gemini]\nthinking = 'hard'", 'gemini.thinking must be "" (the model decides), minimal, medium, high'),
        ("[gemini]\nmemory = 'all'", "gemini.memory must be one of 'focused' or 'full'"),
        ("[gemini]\nsafety = 'LOW'", "gemini.safety must be one of BLOCK_LOW_AND_ABOVE"),
        ("[gemini]\nrelaxed_safety = 'LOW'", "gemini.relaxed_safety must be one of BLOCK_LOW_AND_ABOVE"),
        ("[gemini]\nsafety = { X = 'OFF' }", "gemini.safety.X must be one of 'HARM_CATEGORY_HARASSMENT'"),
        ("[gemini]\ndeadline_seconds = nan", "gemini.deadline_seconds must be a plain number"),
        ("[storage]\ndirectory = 3", "storage.directory must be text in quotes"),
        ("[health]\nlisten = '8080'", "health.listen must be a host and a port"),
        ("[health]\nlisten = 'localhost:99999'", "health.listen must be a host and a port"),
        ("[logging]\nlevel = 'loud'", "logging.level must be one of 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("[[limits.role]]\nat_once = 1", "limits.role[0].role is missing"),
        ("[[limits.role]]\nrole = 'mods'", "limits.role[0].role must be a role's id"),
        ("[[limits.role]]\nrole = 1\nmodels = ['x']", "limits.role[0].models[0] names no model"),
        ("[[limits.role]]\nrole = 1\nlargest_size = '9K'", "must be a size of one of the models: 1K, 2K, 4K"),
        (
            "[[limits.role]]\nrole = 1\n[[limits.role]]\nrole = '1'",
            "limits.role[0].role 1 has several rows: make them one",
        ),
        ("[storage]\ndirectory = ' '", "storage.directory must name a folder"),
        ("[storage]\nencryption_keys_env = 'KEY'", "storage.encryption_keys_env must be a list"),
        ("[storage]\nencryption_keys_env = ['KEY']", "encryption_keys_env[0] names KEY that is empty or not set"),
        ("[storage]\nencryption_keys_env = ['DISCORD_TOKEN']", "too short for a key: make one with openssl rand"),
        ("[[gemini.models]]\nname = 'x'", "gemini.models[0] must be a [[gemini.models]] table with an id"),
        ("[gemini]\nmodels = 'x'", "gemini.models must be a [[gemini.models]] table with an id"),
        ("[[gemini.models]]\nid = 'new'", "gemini.models.new.price is missing"),
        ("[[gemini.models]]\nid = 'gemini-3-pro-image'\nsizes = ['8K']", "price.picture_out_tokens lacks 8K"),
        ("[[gemini.models]]\nid = 'gemini-3-pro-image'\nsize = ['1K']", "is not a key of Easel's. Did you mean"),
        ("[gemini]\nmodel = x\n", "it is not TOML: Invalid value (at line 2"),
    ],
)
def test_a_problem_names_the_key_and_the_remedy(problems: Any, text: str, remedy: str):
    assert any(remedy in line for line in problems(text)), problems(text)


def test_with_an_unknown_model_everything_else_is_told_too_and_held_against_all_models(problems: Any):
    told = problems('[gemini]\nmodel = "x"\nsize = "8K"\nratio = "7:7"\nthinking = "hard"')
    assert [line.split(" ", 3)[:3] for line in told] == [
        ["line", "2:", "gemini.model"],
        ["line", "3:", "gemini.size"],
        ["line", "4:", "gemini.ratio"],
        ["line", "5:", "gemini.thinking"],
    ]
    assert "must be a size of one of the models: 1K, 2K, 4K" in told[1]
    assert told[3].endswith('must be "" (the model decides), minimal, medium, high')
    assert len(problems('[gemini]\nmodel = "x"\nsize = "4K"\nthinking = "high"')) == 1


def test_a_role_with_several_rows_is_told_with_the_line_of_each(problems: Any):
    told = problems('[[limits.role]]\nrole = 1\n[[limits.role]]\nrole = "2"\n\n[[limits.role]]\nrole = "01"')
    assert [line.split(": ")[0] for line in told] == ["line 2", "line 7"]


def test_a_config_that_is_not_there_is_told_in_a_sentence(tmp_path: Path):
    with pytest.raises(Unstartable) as caught:
        load(tmp_path / "gone.toml", SECRETS)
    assert caught.value.values["file"] == str(tmp_path / "gone.toml")
    assert "there is no such file" in str(caught.value.values["problems"])


def test_a_folder_or_a_binary_file_is_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for path, told in ((tmp_path, "cannot be read"), (tmp_path / "binary", "not UTF-8")):
        with pytest.raises(Unstartable, match=told):
            load(path, SECRETS)


def test_a_file_that_an_editor_marked_with_a_byte_order_mark_loads(settings: Any):
    assert settings("\ufeff[gemini]\nat_once = 3").gemini.at_once == 3


def test_an_operators_row_with_a_known_id_changes_only_its_keys(settings: Any):
    row = '[[gemini.models]]\nid = "gemini-3-pro-image"\nname = "Pro"\nprice = { image_out = 60 }'
    before, after = load(None, SECRETS).gemini.models, settings(row).gemini.models
    assert list(after) == list(before)
    changed, usual = after["gemini-3-pro-image"], before["gemini-3-pro-image"]
    assert (changed.name, changed.price.image_out) == ("Pro", 60)
    assert (changed.sizes, changed.price.text_in) == (usual.sizes, usual.price.text_in)


def test_an_operators_new_model_can_be_the_one_that_paints(settings: Any):
    found = settings(f'[gemini]\nmodel = "mine"\nthinking = "low"\n{MODEL}').gemini
    assert isinstance(found.models[found.model], Model)
    assert found.models["mine"].sizes == ("1K",)


def test_a_problem_in_an_operators_model_bears_the_line_of_its_row(problems: Any):
    row = '[[gemini.models]]\nid = "gemini-3-pro-image"\npictures = 0\n'
    assert problems(MODEL + row) == [
        "line 13: gemini.models.gemini-3-pro-image does not fit: pictures must be 1 or more"
    ]
    assert problems(MODEL + row + "[gemini.models.price]\nx = 1") == [
        "line 17: gemini.models.gemini-3-pro-image.price.x is not a key of Easel's: remove it"
    ]


def test_a_safety_table_leaves_the_other_categories_at_the_strictest(settings: Any):
    safety = settings('[gemini.safety]\nHARM_CATEGORY_HARASSMENT = "OFF"').gemini.safety
    assert safety["HARM_CATEGORY_HARASSMENT"] == "OFF"
    assert safety["HARM_CATEGORY_HATE_SPEECH"] == "BLOCK_LOW_AND_ABOVE"


def test_relaxed_safety_names_only_what_may_be_milder(settings: Any):
    usual, word = settings("").gemini, settings('[gemini]\nrelaxed_safety = "OFF"').gemini
    assert usual.relaxed_safety == {}
    assert word.relaxed_safety.keys() == usual.safety.keys()
    table = '[gemini.relaxed_safety]\nHARM_CATEGORY_HARASSMENT = "OFF"'
    assert settings(table).gemini.relaxed_safety == {"HARM_CATEGORY_HARASSMENT": "OFF"}


def test_one_safety_word_holds_for_every_category(settings: Any):
    assert set(settings('[gemini]\nsafety = "BLOCK_NONE"').gemini.safety.values()) == {"BLOCK_NONE"}


def test_addresses_lose_their_last_slash_and_hosts_their_capitals(settings: Any):
    found = settings('[discord]\napi_url = "http://127.0.0.1:9/api/v10/"\ncdn_hosts = ["CDN.Example", "::1"]')
    assert found.discord.api_url == "http://127.0.0.1:9/api/v10"
    assert found.discord.cdn_hosts == ("cdn.example", "::1")


def test_an_empty_listen_turns_health_off(settings: Any):
    assert settings('[health]\nlisten = ""').health.address is None


def test_a_role_that_sets_nothing_has_no_opinion(settings: Any):
    row = settings("[[limits.role]]\nrole = 5").limits.role[0]
    assert not row.blocked
    assert set(row.model_dump(exclude={"role", "blocked"}).values()) == {None}


def test_what_is_left_of_a_file_with_problems_is_read_all_the_same(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text(
        '[discord]\ntoken = "x"\napi_url = "http://127.0.0.1:9"\n[gemini]\nat_once = 0\nsize = "4K"\n[odd]', "utf-8"
    )
    found, told = config.look(path, {"GEMINI_API_KEY": "a key"})
    assert [line.split(":")[0] for line in told] == ["line 1", "line 2", "line 5", "line 7"]
    assert (found.discord.api_url, found.gemini.size, found.gemini.at_once) == ("http://127.0.0.1:9", "4K", 100)
    assert (found.token.value, found.api_key.value) == ("", "a key")


def test_a_day_of_retirement_is_a_date(settings: Any, problems: Any):
    row = '[[gemini.models]]\nid = "gemini-3-pro-image"\nretires = '
    assert str(settings(f"{row}2027-01-31").gemini.models["gemini-3-pro-image"].retires) == "2027-01-31"
    told = "line 3: gemini.models.gemini-3-pro-image.retires must be a day such as 2027-10-06, without quotes"
    assert problems(f'{row}"soon"') == [f'{told}, not "soon"']
    assert problems(f"{row}5.5")[0].startswith(told)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "price", "role"]), inner),
    max_leaves=5,
)


@given(key=st.sampled_from(sorted(config.keys())), value=VALUES.filter(lambda value: value is not None))
def test_whatever_a_key_holds_it_is_taken_or_told_and_never_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, key: str, value: Any
):
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(f"{key} = {toml(value)}", encoding="utf-8")
    with contextlib.suppress(Unstartable):
        assert load(path, SECRETS)


def toml(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\U{ord(one):08x}" for one in value if not 0xD800 <= ord(one) < 0xE000) + '"'
        case list():
            return "[" + ", ".join(toml(one) for one in value if one is not None) + "]"
        case dict():
            return "{" + ", ".join(f"{key} = {toml(one)}" for key, one in value.items() if one is not None) + "}"
        case _:
            return str(value)
