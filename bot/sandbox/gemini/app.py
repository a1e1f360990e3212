"""The stand-in for Gemini's REST API: an aiohttp application, alone or mounted under another."""

import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.gemini import errors, wire
from bot.sandbox.gemini.control import Control
from bot.sandbox.gemini.errors import ApiError
from bot.sandbox.gemini.models import Model
from bot.sandbox.gemini.painter import OfflinePainter
from bot.sandbox.gemini.painting import Painter
from bot.sandbox.gemini.service import Service, Settings
from bot.sandbox.gemini.wire import Reply

CONTROL = web.AppKey("gemini_control", Control)
SERVICE = web.AppKey("gemini_service", Service)
METHOD = "generateContent"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_gemini_app(painter: Painter | None = None, settings: Settings | None = None) -> web.Application:
    """Gemini's API with an offline painter behind it; `app[CONTROL]` holds its levers and books."""
    settings = settings or Settings()
    app = web.Application(middlewares=[_in_google_form])
    app[CONTROL] = Control(settings.kept)
    app[SERVICE] = Service(painter or OfflinePainter(), settings, app[CONTROL])
    app.add_routes(
        [
            web.post("/{version:v1|v1beta}/models/{call}", _call),
            web.get("/{version:v1|v1beta}/models", _list_models),
            web.get("/{version:v1|v1beta}/models/{model}", _get_model),
        ]
    )
    app.on_shutdown.append(_let_go)
    app.cleanup_ctx.append(_threads)
    return app


async def _let_go(app: web.Application) -> None:
    app[SERVICE].closing.set()


async def _threads(app: web.Application) -> AsyncIterator[None]:
    yield
    app[SERVICE].close()


@web.middleware
async def _in_google_form(request: web.Request, handler: Handler) -> web.StreamResponse:
    began = time.monotonic()
    try:
        return await handler(request)
    except ApiError as error:
        return await wire.send(request, Reply(error.code, error.dump()), began)


async def _call(request: web.Request) -> web.StreamResponse:
    service, version = _service(request), request.match_info["version"]
    name, _, method = request.match_info["call"].rpartition(":")
    if method != METHOD:
        raise errors.no_model(name or method, version, method)
    service.check_key(request)
    return await service.generate(request, service.model(name, version, method))


async def _list_models(request: web.Request) -> web.StreamResponse:
    service = _service(request)
    service.check_key(request)
    size = int(request.query.get("pageSize") or 50)
    start = int(request.query.get("pageToken") or 0)
    page = [describe(model) for model in service.models[start : start + size]]
    more = {"nextPageToken": str(start + size)} if start + size < len(service.models) else {}
    return await wire.send(request, Reply(200, orjson.dumps({"models": page} | more)), time.monotonic())


async def _get_model(request: web.Request) -> web.StreamResponse:
    service = _service(request)
    service.check_key(request)
    model = service.model(request.match_info["model"], request.match_info["version"], "getModel")
    return await wire.send(request, Reply(200, orjson.dumps(describe(model))), time.monotonic())


def _service(request: web.Request) -> Service:
    return request.app[SERVICE]


def describe(model: Model) -> dict[str, Any]:
    """A model as ListModels shows it."""
    found = re.search(r"\d+(?:\.\d+)?", model.id)
    return {
        "name": f"models/{model.id}",
        "version": found[0] if found else "1",
        "displayName": model.name,
        "description": f"{model.name}, as the sandbox stands in for it.",
        "inputTokenLimit": model.context[0],
        "outputTokenLimit": model.context[1],
        "supportedGenerationMethods": [METHOD],
        "temperature": 1,
        "topP": 0.95,
        "topK": 64,
        "maxTemperature": 2,
        "thinking": bool(model.thinking),
    }
