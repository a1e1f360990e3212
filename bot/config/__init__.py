"""config.toml -> frozen `Settings`; every problem at once, each with its key; secrets only from the environment."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.config import models, problems, rules
from bot.errors import Unstartable
from bot.model import Memory
from bot.sealing import Keyring

OUTWARD: tuple[problems.Loc, ...] = (("discord", "token_env"), ("gemini", "api_key_env"))


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A token or key from the environment, shown as stars wherever it is printed."""

    value: str

    def __repr__(self) -> str:
        return "*****"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=True)


class Discord(_Section):
    """How to reach Discord, and what the bot may see there."""

    token_env: rules.Variable = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable
    api_url: rules.Url = "https://discord.com/api/v10"
    gateway_url: rules.GatewayUrl = "wss://gateway.discord.gg"
    cdn_hosts: tuple[rules.Host, ...] = ("cdn.discordapp.com", "media.discordapp.net")
    message_content_intent: bool = True
    direct_messages: bool = False
    age_restricted_channels_only: bool = False
    stop_seconds: Annotated[float, Field(ge=0, le=600)] = 8.0
    catch_up_hours: Annotated[float, Field(ge=0, le=336)] = 24.0
    consent_hours: Annotated[float, Field(gt=0, le=168)] = 24.0
    catch_up_messages: Annotated[int, Field(ge=0, le=1000)] = 100
    catch_up_asks: Annotated[int, Field(ge=0, le=100)] = 10
    operator_channel: rules.OperatorChannel = None


class Gemini(_Section):
    """Which model paints, and how it is asked. `safety` has every category, `relaxed_safety` some of them."""

    api_key_env: rules.Variable = "GEMINI_API_KEY"
    base_url: rules.Url = "https://generativelanguage.googleapis.com"
    model: rules.KnownModel = "gemini-nano-banana-2.1"
    fallback: rules.Fallback = ""
    at_once: Annotated[int, Field(ge=1, le=10_000)] = 100
    thinking: rules.Thinking = ""
    ratio: rules.Ratio = ""
    size: rules.Size = "1K"
    memory: Memory = Memory.FOCUSED
    deadline_seconds: Annotated[float, Field(gt=0, le=3600)] = 240.0
    recipes: rules.RecipeFile = ""
    text_model: str = ""
    text_price: tuple[rules.Dollars, rules.Dollars] = (0.75, 3.75)
    safety: rules.Safety = Field(default_factory=lambda: rules.everywhere(rules.STRICTEST))
    relaxed_safety: rules.Relaxed = Field(default_factory=dict)
    models: dict[str, rules.SoundModel] = Field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        """What the models are called, by their ids."""
        return {each.id: each.name for each in self.models.values()}


class Storage(_Section):
    """Where the database and the pictures lie, seen from where the program is started."""

    # The default is not validated: strict JSON knows words, and no Paths.
    directory: rules.Directory = Field(default=Path("data"), validate_default=False)
    encryption_keys_env: tuple[rules.KeyVariable, ...] = ()


class Health(_Section):
    """Where /healthz and /metrics answer."""

    listen: rules.Listen = "127.0.0.1:8080"

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port, or None where it is turned off."""
        parts = urlsplit(f"//{self.listen}")
        return (parts.hostname, parts.port) if parts.hostname and parts.port is not None else None


class RoleLimits(_Section):
    """What members of one role may do. None is no opinion: another role or `Limits` decides."""

    role: rules.RoleId
    pictures_per_hour: rules.Whole | None = None
    pictures_per_day: rules.Whole | None = None
    pictures_per_30_days: rules.Whole | None = None
    dollars_per_day: rules.Dollars | None = None
    dollars_per_30_days: rules.Dollars | None = None
    at_once: rules.Positive | None = None
    largest_size: rules.AnySize | None = None
    variations: Annotated[int, Field(ge=0, le=10)] | None = None
    priority: Annotated[int, Field(ge=-1000, le=1000)] | None = None
    models: tuple[rules.KnownModel, ...] | None = None
    may_start_threads: bool | None = None
    channels: tuple[rules.ChannelId, ...] | None = None
    blocked: bool = False


class Limits(_Section):
    """The operator's fence over everything, whatever the roles may do; 0 takes that fence away."""

    pictures_per_member_hour: rules.Whole = 30
    pictures_per_server_day: rules.Whole = 1000
    refused_per_member_hour: rules.Whole = 60
    dollars_per_10_minutes: rules.Dollars = 8.0
    dollars_per_day: rules.Dollars = 50.0
    role: tuple[RoleLimits, ...] = ()


class Privacy(_Section):
    """What `/privacy` tells of the operator, besides what is true of every Easel."""

    contact: str = ""
    policy: str = ""
    backup_days: rules.Whole = 30


class Logging(_Section):
    """How the program tells what it does: lines for people, or JSON for machines."""

    format: Literal["console", "json"] = "console"
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class File(_Section):
    """All that a config file may hold."""

    discord: Discord = Discord()
    gemini: Gemini = Gemini()
    storage: Storage = Storage()
    health: Health = Health()
    limits: Limits = Limits()
    privacy: Privacy = Privacy()
    logging: Logging = Logging()


class Settings(File):
    """The file and the secrets, which are never in it."""

    token: Secret
    api_key: Secret
    keys: tuple[Secret, ...] = ()  #: what is kept is encrypted with the first; an empty one stands for not at all

    @property
    def keyring(self) -> Keyring:
        """What is kept is sealed and opened with it."""
        return Keyring.of(each.value for each in self.keys)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody may read anywhere."""
        return tuple(each.value for each in (self.token, self.api_key, *self.keys) if each.value)


def load(path: Path | None, environ: Mapping[str, str], *, outward: bool = True) -> Settings:
    """The settings of that file, or the defaults where there is none. Raises `Unstartable` with every problem.

    Who works on what is kept alone, and not `outward`, needs the secrets of Discord and Google as little as the net.
    """
    settings, told = look(path, environ, outward=outward)
    if told:
        raise _unstartable(path, told)
    return settings


def look(path: Path | None, environ: Mapping[str, str], *, outward: bool = True) -> tuple[Settings, list[str]]:
    """The settings as if every key with a problem were left out, and every problem; a secret may be empty.

    Raises `Unstartable` where nothing can be read at all.
    """
    text = _read(path) if path else ""
    written = _parsed(path, text)
    rows = _table(written, "gemini").get("models", [])
    file, found = _checked(written, environ)
    found = [(loc, told) for loc, told in found if outward or loc not in OUTWARD]
    found += [
        (loc, f"{problems.dotted(loc)} must be a [[gemini.models]] table with an id") for loc in models.nameless(rows)
    ]
    file = file or _rest(written, found)
    names = (file.discord.token_env, file.gemini.api_key_env, *file.storage.encryption_keys_env)
    token, key, *others = (Secret(environ.get(name, "").strip()) for name in names)
    told = problems.in_order([(models.as_written(loc, rows), told) for loc, told in found], text)
    return Settings(**dict(file), token=token, api_key=key, keys=tuple(others)), told


def keys(shape: type = File, above: str = "") -> Iterator[str]:
    """Every key that a file may hold, dotted: `discord.token_env`, `limits.role.models`."""
    for name, hint in _hints(shape).items():
        inner = _shape_in(hint)
        yield from keys(inner, f"{above}{name}.") if inner else (above + name,)


def _hints(shape: type) -> dict[str, Any]:
    if issubclass(shape, BaseModel):
        return {name: field.annotation for name, field in shape.model_fields.items()}
    return get_type_hints(shape)


def _shape_in(hint: Any) -> type | None:
    """The table that a hint such as `tuple[RoleLimits, ...]` speaks of."""
    if isinstance(hint, type) and (issubclass(hint, BaseModel) or is_dataclass(hint)):
        return hint
    return next((shape for shape in map(_shape_in, get_args(hint)) if shape), None)


def _checked(
    written: dict[str, Any], environ: Mapping[str, str] | None
) -> tuple[File | None, list[tuple[problems.Loc, str]]]:
    painters = models.laid_over(_table(written, "gemini").get("models", []))
    document = {name: {} for name in File.model_fields} | written
    model, roles = _table(written, "gemini").get("model", Gemini().model), _table(written, "limits").get("role")
    around = rules.Around(environ, painters, model, tuple(_ids(roles)))
    if isinstance(document["gemini"], dict):
        document["gemini"] = document["gemini"] | {"models": painters}
    try:
        # As JSON, because strict pydantic takes a list for a tuple and a word for an enum only there.
        return File.model_validate_json(json.dumps(document, default=str), context=around), []
    except ValidationError as error:
        known = tuple(keys())
        return None, [(found["loc"], problems.sentence(found, known)) for found in error.errors()]


def _rest(written: dict[str, Any], found: Iterable[tuple[problems.Loc, str]]) -> File:
    """What is left of a file without the keys that have a problem; the secrets are not asked for."""
    bad = {loc[:2] for loc, _ in found}
    left = {
        name: {key: value for key, value in keys.items() if (name, key) not in bad} if isinstance(keys, dict) else keys
        for name, keys in written.items()
        if (name,) not in bad
    }
    file, more = _checked(left, None)
    return file or _rest(left if left != written else {}, more)


def _ids(roles: object) -> Iterator[object]:
    for row in roles if isinstance(roles, list) else ():
        if isinstance(row, dict):
            yield row.get("role")


def _table(document: dict[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}


def _parsed(path: Path | None, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _unstartable(path, [f"it is not TOML: {error}"]) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        told = "there is no such file: copy config.example.toml there, or leave out --config for the defaults"
    except UnicodeDecodeError:
        told = "it is not UTF-8 text: save it as UTF-8"
    except OSError as error:
        told = f"it cannot be read ({error.strerror}): check that it is a file and that you may read it"
    raise _unstartable(path, [told])


def _unstartable(path: Path | None, told: list[str]) -> Unstartable:
    lines = "\n".join(f"- {one}" for one in told)
    return Unstartable("config", file=str(path or "the defaults"), problems=lines)
