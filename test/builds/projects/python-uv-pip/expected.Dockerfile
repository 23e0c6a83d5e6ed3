# syntax=docker/dockerfile:1
FROM python:3.13 AS build

WORKDIR /app

RUN --mount=type=cache,target=/root/.cache/pip \
    pip install uv

RUN python -m venv /opt/venv
ENV VIRTUAL_ENV=/opt/venv UV_LINK_MODE=copy

COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip install -r requirements.txt

FROM python:3.13-slim

WORKDIR /app

COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

COPY units ./units

RUN useradd --system --create-home app
USER app

EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["uvicorn", "units.main:app", "--host", "0.0.0.0", "--port", "8000"]
