from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from units.convert import convert


async def health(request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def length(request: Request) -> JSONResponse:
    query = request.query_params
    return JSONResponse({"value": convert(float(query["value"]), query["unit"], query["to"])})


app = Starlette(routes=[Route("/health", health), Route("/length", length)])
