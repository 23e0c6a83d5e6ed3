# syntax=docker/dockerfile:1
FROM gradle:jdk17 AS build
WORKDIR /home/gradle/project

COPY settings.gradle build.gradle ./
RUN --mount=type=cache,target=/home/gradle/.gradle,sharing=locked \
    gradle dependencies --no-daemon

COPY . .
RUN --mount=type=cache,target=/home/gradle/.gradle,sharing=locked \
    gradle installDist --no-daemon

FROM eclipse-temurin:17-jre
WORKDIR /home/gradle/project

RUN useradd --system --uid 10001 app

COPY --from=build /home/gradle/project/build/install/words ./

USER app
EXPOSE 8080
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health"]
CMD ["bin/words"]
