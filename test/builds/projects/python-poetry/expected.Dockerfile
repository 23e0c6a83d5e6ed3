# syntax=docker/dockerfile:1
FROM python:3.13 AS build

ENV PYTHONUNBUFFERED=1 \
    POETRY_VIRTUALENVS_IN_PROJECT=true

WORKDIR /app

RUN --mount=type=cache,target=/root/.cache/pip \
    pip install poetry

COPY pyproject.toml poetry.lock ./
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    poetry install --no-interaction --only main --no-root

COPY . .
RUN --mount=type=cache,target=/root/.cache/pypoetry \
    poetry install --no-interaction --only main

FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1

WORKDIR /app

RUN useradd --system --uid 10001 app

COPY --from=build /app/.venv ./.venv
ENV PATH=/app/.venv/bin:$PATH

COPY quotes ./quotes

EXPOSE 8000

USER app
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
CMD ["uvicorn", "quotes.main:app", "--host", "0.0.0.0", "--port", "8000"]
