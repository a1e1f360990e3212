"""Every rule a request must keep, in the order in which Google complains."""

import io
from collections.abc import Iterable

from PIL import Image

from bot.sandbox.gemini import errors
from bot.sandbox.gemini.errors import invalid
from bot.sandbox.gemini.request import Config, Part, Request, Turn
from bot.sandbox.gemini.signatures import Signer

PICTURE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
UNSEEN_TYPES = ("image/heic", "image/heif")  # taken by Google; Pillow alone cannot look inside


def judge(request: Request, signer: Signer) -> None:
    """Return quietly, or raise the ApiError that Google would answer with."""
    for rule in (contents, candidates, seed, temperature, modalities, picture_format, thinking, extras, pictures):
        rule(request)
    if request.model.signs:
        signatures(request, signer)


def contents(request: Request) -> None:
    """There is something to read, from a user, in the end."""
    if not request.turns:
        raise invalid("* GenerateContentRequest.contents: contents is not specified\n")
    for index, turn in enumerate(request.turns):
        _turn(index, turn)
    if request.turns[-1].role != "user":
        raise invalid("Please ensure that multiturn requests end with a user turn.")


def _turn(index: int, turn: Turn) -> None:
    if turn.role not in {"user", "model"}:
        raise invalid("Please use a valid role: user, model.")
    if not turn.parts:
        raise invalid(f"* GenerateContentRequest.contents[{index}].parts: contents.parts must not be empty.\n")
    for number, part in enumerate(turn.parts):
        if part.text is None and part.data is None and not (part.uri or part.other):
            where = f"GenerateContentRequest.contents[{index}].parts[{number}].data"
            raise invalid(f"* {where}: required oneof field 'data' must have one initialized field\n")


def candidates(request: Request) -> None:
    """One candidate at a time."""
    if (request.config.raw.get("candidateCount") or 1) != 1:
        raise invalid("Multiple candidates is not enabled for this model")


def seed(request: Request) -> None:
    """Some models take no seed."""
    if request.config.raw.get("seed") is not None and not request.model.takes_seed:
        raise invalid("Seed is not supported for this model.")


def temperature(request: Request) -> None:
    """Between 0 and 2."""
    value = request.config.raw.get("temperature")
    if value is not None and not 0 <= value <= 2:
        raise invalid(
            f"* GenerateContentRequest.generation_config.temperature: temperature must be in the range [0.0, 2.0], "
            f"but got {value}.\n"
        )


def modalities(request: Request) -> None:
    """Words and pictures from a painter, words from a writer."""
    able = {"TEXT", "IMAGE"} if request.model.paints else {"TEXT"}
    asked = set(request.config.modalities) if request.config.raw.get("responseModalities") else set()
    if asked - able:
        names = ", ".join(sorted(asked - able))
        raise invalid(f"The requested combination of response modalities ({names}) is not supported by the model.")


def picture_format(request: Request) -> None:
    """Size, ratio and type must stand in the model's table, in exactly that spelling."""
    if request.model.paints:
        _size(request)
        _ratio(request)
        _mime(request)
    elif request.config.size or request.config.ratio:
        raise invalid("Image config is not supported for this model.")


def _size(request: Request) -> None:
    size, model = request.config.size, request.model
    if size and (not model.takes_size or size not in model.sizes):
        raise invalid(_unsupported("imageSize", size, model.sizes if model.takes_size else ()))


def _ratio(request: Request) -> None:
    ratio = request.config.ratio
    if ratio and ratio not in request.model.ratios:
        raise invalid(_unsupported("aspectRatio", ratio, request.model.ratios))


def _mime(request: Request) -> None:
    mime, model = request.config.mime, request.model
    if mime and mime not in {"text/plain", model.mime}:
        raise invalid(_unsupported("mimeType", mime, (model.mime,)))


def _unsupported(name: str, value: str, able: Iterable[str]) -> str:
    listed = ", ".join(able)
    end = f" Supported values: {listed}." if listed else ""
    return f"Invalid value for {name}: {value!r} is not supported by this model.{end}"


def thinking(request: Request) -> None:
    """How hard to think is a matter of the model; it cannot be off where there is any."""
    config = request.config.raw.get("thinkingConfig")
    if not config or not request.model.paints:
        return
    if not request.model.thinking:
        raise invalid("Thinking is not enabled for this model.")
    _level(request.config, request.model.thinking)
    if config.get("thinkingBudget") == 0:
        raise invalid("Budget 0 is invalid. This model only works in thinking mode.")


def _level(config: Config, levels: frozenset[str]) -> None:
    if config.level and config.level not in levels | {"THINKING_LEVEL_UNSPECIFIED"}:
        raise invalid(f"Thinking level {config.level} is not supported for this model.")


def extras(request: Request) -> None:
    """Tools, tiers, schemas: what a painter does not do."""
    if not request.model.paints:
        return
    if request.tier not in request.model.tiers | {"unspecified"}:
        raise invalid(f"Service tier {request.tier} is not supported for this model.")
    raw = request.config.raw
    if raw.get("responseSchema") or raw.get("responseJsonSchema"):
        raise invalid("JSON mode is not enabled for this model")
    if raw.get("mediaResolution") and not request.model.signs:
        raise invalid("Media resolution is not supported for this model.")
    for tool in request.tools:
        _tool(request, set(tool))


def _tool(request: Request, names: set[str]) -> None:
    if "functionDeclarations" in names:
        raise invalid("Function calling is not enabled for this model")
    if names - {"googleSearch"}:
        raise invalid(f"Tool {min(names)} is not supported for this model.")
    if names and not request.model.searches:
        raise invalid("Search Grounding is not supported.")


def pictures(request: Request) -> None:
    """Not too many, of a known type, and really pictures."""
    for turn in request.turns:
        for part in turn.parts:
            _file(part)
            _picture(part)
    count, most = len(request.last.pictures), request.model.most_pictures
    if count > most:
        raise invalid(f"Too many input images: {count} were given, but this model takes at most {most}.")


def _file(part: Part) -> None:
    if part.uri and "/files/" in part.uri:
        raise errors.no_file(part.uri.rpartition("/")[2])
    if part.uri:
        raise invalid(f"Cannot fetch content from the provided URL: {part.uri[:200]}")


def _picture(part: Part) -> None:
    if part.data is None:
        return
    if part.mime not in PICTURE_TYPES:
        raise invalid(f"Unsupported MIME type: {part.mime}" if part.mime else "MIME type is not specified.")
    if part.mime not in UNSEEN_TYPES and not _opens(part.data):
        raise invalid(f"Unable to process input image. Please retry or report in {errors.TROUBLE}")


def _opens(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return image.width > 0
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def signatures(request: Request, signer: Signer) -> None:
    """Each model turn comes back as it was given: its first part and each of its pictures signed, by this model."""
    for index, turn in enumerate(request.turns):
        if turn.role == "model":
            _signed_turn(index, turn, request, signer)


def _signed_turn(index: int, turn: Turn, request: Request, signer: Signer) -> None:
    first = True
    for number, part in enumerate(turn.parts):
        if part.thought:
            continue
        if (first or part.data is not None) and not part.signature:
            raise errors.no_signature("Text" if part.data is None else "Image", index + 1, number + 1)
        if part.signature and not signer.accepts(request.model, part):
            raise errors.wrong_signature(index)
        first = False
