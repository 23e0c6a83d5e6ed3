# syntax=docker/dockerfile:1
FROM python:3.13 AS build

WORKDIR /srv/day

RUN --mount=type=cache,target=/root/.cache/pip \
    pip install pipenv

RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

COPY Pipfile Pipfile.lock ./
# What the lock file says, into the environment that is first on the path
RUN --mount=type=cache,target=/root/.cache/pipenv \
    pipenv install --system --deploy

FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1

WORKDIR /srv/day

RUN useradd --system --uid 10001 app

COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH

COPY app.py ./

EXPOSE 8080

USER app
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health')"]
CMD ["waitress-serve", "--port=8080", "app:app"]
