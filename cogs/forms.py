"""The form behind `Edit…`, and what was written in one that was sent in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord

from bot.admission import WORDS
from bot.catalogue import Catalogue
from bot.model import Model, Upload

PICTURES = 4  #: files in one form


@dataclass(frozen=True)
class Written:
    """What a form holds."""

    words: str
    uploads: tuple[Upload, ...]
    ratio: str | None
    size: str | None


def edit_form(custom_id: str, title: str, model: Model, catalogue: Catalogue) -> discord.ui.Modal:
    """Words, pictures, shape and size. It is never registered with the library, so it works after any restart."""
    modal = discord.ui.Modal(title=title, custom_id=custom_id)
    say = catalogue.say
    words = discord.ui.TextInput[discord.ui.Modal](
        custom_id="words", style=discord.TextStyle.paragraph, required=False, max_length=WORDS,
        placeholder=say("form.words_example"),
    )  # fmt: skip
    files = discord.ui.FileUpload[discord.ui.Modal](
        custom_id="pictures", required=False, min_values=0, max_values=PICTURES
    )
    modal.add_item(discord.ui.Label(text=say("form.words"), component=words))
    modal.add_item(discord.ui.Label(text=say("form.pictures"), component=files))
    for name, values in (("ratio", model.ratios), ("size", model.sizes)):
        if values:
            choice = discord.ui.Select[discord.ui.Modal](
                custom_id=name, required=False, min_values=0, placeholder=say(f"form.{name}_usual"),
                options=[discord.SelectOption(label=each, value=each) for each in values],
            )  # fmt: skip
            modal.add_item(discord.ui.Label(text=say(f"form.{name}"), component=choice))
    modal.stop()
    return modal


def written(interaction: discord.Interaction) -> Written:
    """What the presser wrote and attached."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    fields = {each["custom_id"]: each for each in _fields(data.get("components", ()))}
    attached = (data.get("resolved") or {}).get("attachments") or {}
    return Written(
        words=str(fields.get("words", {}).get("value") or "").strip(),
        uploads=tuple(_upload(attached[each]) for each in _values(fields, "pictures") if each in attached),
        ratio=next(iter(_values(fields, "ratio")), None),
        size=next(iter(_values(fields, "size")), None),
    )


def texts(interaction: discord.Interaction) -> Mapping[str, str]:
    """Everything that the presser wrote, by the fields' custom ids."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return {each["custom_id"]: str(each.get("value") or "").strip() for each in _fields(data.get("components", ()))}


def _fields(components: Any) -> Iterator[Mapping[str, Any]]:
    """The fields inside labels and rows."""
    for each in components:
        inner = each.get("components") or ([each["component"]] if each.get("component") else [])
        yield from _fields(inner) if inner else ([each] if "custom_id" in each else [])


def _values(fields: Mapping[str, Mapping[str, Any]], name: str) -> list[str]:
    return list(fields.get(name, {}).get("values") or [])


def _upload(data: Mapping[str, Any]) -> Upload:
    return Upload(int(data["id"]), str(data["filename"]), str(data["url"]), int(data["size"]))
