"""What the value of a key must be like; a rule's error ends the sentence that begins with the key.

The types of values stand here, `bot.config` only puts them together. Rules that need more than the value ask the
`Around` in pydantic's context; without one (a section made in a test) they let it pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from bot.config import recipes
from bot.model import Model

Category = Literal[
    "HARM_CATEGORY_HARASSMENT",
    "HARM_CATEGORY_HATE_SPEECH",
    "HARM_CATEGORY_SEXUALLY_EXPLICIT",
    "HARM_CATEGORY_DANGEROUS_CONTENT",
]
Threshold = Literal["BLOCK_LOW_AND_ABOVE", "BLOCK_MEDIUM_AND_ABOVE", "BLOCK_ONLY_HIGH", "BLOCK_NONE", "OFF"]
STRICTEST: Threshold = "BLOCK_LOW_AND_ABOVE"
SHORTEST = 32  #: characters of a key


@dataclass(frozen=True, slots=True)
class Around:
    """What a key is judged by besides itself. `models` are rows of TOML, not yet judged themselves.

    Without an environment nobody asks whether the secrets are there.
    """

    environ: Mapping[str, str] | None
    models: Mapping[str, Mapping[str, Any]]
    model: object
    roles: tuple[object, ...] = ()  #: as they are written, one for each `[[limits.role]]`

    def offers(self, ability: str) -> list[str]:
        """What the model lists under `sizes`, `ratios` or `thinking`; what any does, where nobody knows the model."""
        known = isinstance(self.model, str) and self.model in self.models
        return self._listed(ability, [self.models[str(self.model)]]) if known else self.offered(ability)

    def offered(self, ability: str) -> list[str]:
        """What any of the models lists."""
        return self._listed(ability, self.models.values())

    @property
    def whose(self) -> str:
        """Which model that is, for a sentence."""
        return "the model" if self.model in list(self.models) else "one of the models"

    def _listed(self, ability: str, models: Iterable[Mapping[str, Any]]) -> list[str]:
        lists = (each[ability] for each in models if isinstance(each.get(ability), list))
        return list(dict.fromkeys(str(one) for each in lists for one in each))


def _variable(name: str, info: ValidationInfo) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError("must name an environment variable, and never hold the secret itself")
    environ = info.context and info.context.environ
    if environ is not None and not environ.get(name, "").strip():
        shown = name if name.isupper() else "a variable"  # a key pasted here by mistake must not reach the log
        raise ValueError(f"names {shown} that is empty or not set: export the secret under that name")
    return name


def _key(name: str, info: ValidationInfo) -> str:
    """An empty name stands for no encryption at all, so that one can go back to that."""
    if not name:
        return name
    _variable(name, info)
    if info.context and info.context.environ is not None and len(info.context.environ[name].strip()) < SHORTEST:
        raise ValueError(f"names {name}, which is too short for a key: make one with openssl rand -base64 32")
    return name


def _url(*schemes: str) -> AfterValidator:
    def check(address: str) -> str:
        try:
            parts = urlsplit(address)
            sound = parts.scheme in schemes and parts.hostname and parts.port != 0
        except ValueError:
            sound = False
        if not sound or re.search(r"\s", address):
            raise ValueError(f"must be a whole address that starts with {schemes[0]}://")
        return address.rstrip("/")

    return AfterValidator(check)


def _host(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f]*(:[0-9A-Fa-f]*){2,}", name):
        raise ValueError("must be a host name alone, without https://, port or path")
    return name.lower()


def _listen(address: str) -> str:
    try:
        parts = urlsplit(f"//{address}")
        sound = parts.hostname and parts.port is not None and not parts.path
    except ValueError:
        sound = False
    if address and not sound:
        raise ValueError('must be a host and a port, such as "127.0.0.1:8080", or "" to turn it off')
    return address


def _known(name: str, info: ValidationInfo) -> str:
    if info.context and name not in info.context.models:
        raise ValueError(f"names no model that Easel knows; it knows {', '.join(info.context.models)}")
    return name


def _fallback(name: str, info: ValidationInfo) -> str:
    if not name:
        return name
    if info.context and name == info.context.model:
        raise ValueError('is the model that it is to stand in for: name another one, or "" for none')
    return _known(name, info)


def _size(size: str, info: ValidationInfo) -> str:
    around = info.context
    if around and (offers := around.offers("sizes")) and size not in offers:
        raise ValueError(f"must be a size of {around.whose}: {', '.join(offers)}")
    return size


def _ratio(ratio: str, info: ValidationInfo) -> str:
    around = info.context
    if ratio and around and (offers := around.offers("ratios")) and ratio not in offers:
        raise ValueError(f'must be "" (the model decides) or a shape of {around.whose}: {", ".join(offers)}')
    return ratio


def _any_size(size: str, info: ValidationInfo) -> str:
    if info.context:
        offers = info.context.offered("sizes")
        if size not in offers:
            raise ValueError(f"must be a size of one of the models: {', '.join(sorted(offers))}")
    return size


def _thinking(level: str, info: ValidationInfo) -> str:
    if info.context and level:
        offers = info.context.offers("thinking")
        if level not in offers:
            raise ValueError(f'must be "" (the model decides){"".join(f", {one}" for one in offers)}')
    return level


def _recipes(path: str) -> str:
    told = recipes.look(path)[1]
    if told:
        raise ValueError(f"names {path}, which has problems: {'; '.join(told)}")
    return path


def _id_of(what: str) -> Callable[[object], object]:
    def read(written: object) -> object:
        if isinstance(written, str) and re.fullmatch(r"[0-9]{1,20}", written):
            return int(written)
        if isinstance(written, int) and not isinstance(written, bool) and written >= 0:
            return written
        raise ValueError(f"must be a {what.lower()}'s id: the digits that Copy {what} ID gives, in quotes")

    return read


def _channel(written: object) -> object:
    return None if written in ("", None) else _id_of("Channel")(written)


def _single(role: int, info: ValidationInfo) -> int:
    rows = [str(each).lstrip("0") for each in info.context.roles] if info.context else []
    if rows.count(str(role).lstrip("0")) > 1:
        raise ValueError(f"{role} has several rows: make them one")
    return role


def _directory(path: object) -> object:
    if isinstance(path, str) and (not path.strip() or "\0" in path):
        raise ValueError('must name a folder; "." is the one that the program is started in')
    return path


def _every_category(safety: object) -> object:
    if isinstance(safety, dict):
        return everywhere(STRICTEST) | safety
    if safety in get_args(Threshold):
        return everywhere(safety)
    raise ValueError(f"must be one of {', '.join(get_args(Threshold))}, or a table of them by category")


def _some_categories(safety: object) -> object:
    if isinstance(safety, dict):
        return safety
    if safety in get_args(Threshold):
        return everywhere(safety)
    raise ValueError(f"must be one of {', '.join(get_args(Threshold))}, a table of them by category, or {{}} for never")


def everywhere(threshold: Any) -> dict[Category, Threshold]:
    """The same threshold for every category."""
    return dict.fromkeys(get_args(Category), threshold)


def _sound(model: Model) -> Model:
    price = model.price
    lacking = set(model.sizes or ("1K",)) - set(price.picture_out_tokens)
    amounts = (price.text_in, price.text_out, price.image_out, price.picture_in_tokens)
    rules = {
        "pictures must be 1 or more": model.pictures >= 1,
        "seconds must be more than 0": model.seconds > 0,
        "longest_side must be 64 or more": model.longest_side >= 64,
        "no price may be negative": min(*amounts, *price.picture_out_tokens.values(), 0) >= 0,
        f"price.picture_out_tokens lacks {', '.join(sorted(lacking))}": not lacking,
    }
    if broken := [rule for rule, kept in rules.items() if not kept]:
        raise ValueError(f"does not fit: {'; '.join(broken)}")
    return model


Url = Annotated[str, _url("https", "http")]
GatewayUrl = Annotated[str, _url("wss", "ws")]
KeyVariable = Annotated[str, AfterValidator(_key)]
Variable = Annotated[str, AfterValidator(_variable)]
Host = Annotated[str, AfterValidator(_host)]
Listen = Annotated[str, AfterValidator(_listen)]
Whole = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Dollars = Annotated[float, Field(ge=0)]
RoleId = Annotated[int, BeforeValidator(_id_of("Role")), AfterValidator(_single)]
ChannelId = Annotated[int, BeforeValidator(_id_of("Channel"))]
OperatorChannel = Annotated[int | None, BeforeValidator(_channel)]
Directory = Annotated[Path, BeforeValidator(_directory)]
KnownModel = Annotated[str, AfterValidator(_known)]
Fallback = Annotated[str, AfterValidator(_fallback)]
SoundModel = Annotated[Model, AfterValidator(_sound)]
Size = Annotated[str, AfterValidator(_size)]
Ratio = Annotated[str, AfterValidator(_ratio)]
AnySize = Annotated[str, AfterValidator(_any_size)]
Thinking = Annotated[str, AfterValidator(_thinking)]
RecipeFile = Annotated[str, AfterValidator(_recipes)]
Safety = Annotated[dict[Category, Threshold], BeforeValidator(_every_category)]
Relaxed = Annotated[dict[Category, Threshold], BeforeValidator(_some_categories)]
