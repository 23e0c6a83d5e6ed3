from datetime import datetime
from zoneinfo import ZoneInfo

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


async def health(request: Request) -> Response:
    return Response(orjson.dumps({"status": "ok"}), media_type="application/json")


async def now(request: Request) -> Response:
    zone = ZoneInfo(request.query_params.get("zone", "UTC"))
    return Response(orjson.dumps({"now": datetime.now(zone)}), media_type="application/json")


app = Starlette(routes=[Route("/health", health), Route("/now", now)])
