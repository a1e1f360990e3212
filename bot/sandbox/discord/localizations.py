"""Commands in the languages of Discord's locales: what is taken of them, and what one member reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.sandbox.discord.nouns import Json
from bot.sandbox.discord.problems import FormErrors

LOCALES = frozenset(
    {
        *("id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl"),
        *("pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja"),
        *("zh-TW", "ko"),
    }
)
FIELDS = ("name", "description")

Check = Callable[[str, str, FormErrors], None]


def check(node: Json, name: str, path: str, errors: FormErrors, rule: Check) -> None:
    """Every locale is one of Discord's, and what stands there obeys the same rule as the original."""
    for locale, words in (node.get(f"{name}_localizations") or {}).items():
        here = f"{path}{name}_localizations.{locale}"
        if locale not in LOCALES:
            errors.add(here, "BASE_TYPE_CHOICES", "This locale is not known.")
        else:
            rule(str(words), here, errors)


def check_apart(options: Iterable[Json], path: str, errors: FormErrors) -> None:
    """No two options of a command may bear the same name in a locale."""
    seen: set[tuple[str, str]] = set()
    for option in options:
        for locale in LOCALES:
            name = _in(option, "name", locale)
            if (locale, name) in seen:
                errors.add(path, "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", f"{name} is there twice in {locale}.")
            seen.add((locale, name))


def localized(node: Json, locale: str) -> Json:
    """A command or an option of it as somebody reads it, all that is in it likewise."""
    own = {f"{name}_localized": _in(node, name, locale) for name in FIELDS if name in node}
    nested = {
        name: [localized(each, locale) for each in node[name]] for name in ("options", "choices") if node.get(name)
    }
    return node | own | nested


def _in(node: Json, name: str, locale: str) -> str:
    return str((node.get(f"{name}_localizations") or {}).get(locale) or node[name])
