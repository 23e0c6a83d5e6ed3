# syntax=docker/dockerfile:1
FROM python:3.13 AS build
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install uv
WORKDIR /srv/clock

ENV UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_PYTHON_DOWNLOADS=never

COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-install-project

COPY . .
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --locked --no-dev --no-editable

FROM python:3.13-slim
WORKDIR /srv/clock
RUN useradd --system --uid 10001 app

COPY --from=build /srv/clock/.venv ./.venv
ENV PATH=/srv/clock/.venv/bin:$PATH

USER app
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
CMD ["uvicorn", "clock.app:app", "--host", "0.0.0.0"]
