# syntax=docker/dockerfile:1
FROM python:3.13 AS build

WORKDIR /code

# System packages for building wheels
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential libjpeg-dev \
 && rm -rf /var/lib/apt/lists/*

RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install -r requirements.txt

FROM python:3.13-slim

WORKDIR /code

RUN useradd --system --uid 10001 app

COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

COPY . .

ENV TITLE="Badges"
EXPOSE 8000

USER app
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health')"]
# Two workers are enough for badges
CMD ["gunicorn", "--workers", "2", "--bind", "0.0.0.0:8000", "app:app"]
