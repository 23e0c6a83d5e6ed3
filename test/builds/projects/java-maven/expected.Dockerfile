# syntax=docker/dockerfile:1
FROM maven:3-eclipse-temurin-21 AS build

WORKDIR /app

COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q dependency:go-offline

COPY . .

# One jar with everything in it
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q package

FROM eclipse-temurin:21-jre

WORKDIR /app

RUN useradd --system --uid 10001 app

COPY --from=build /app/target/units.jar ./target/units.jar

ENV JAVA_OPTS="-Xmx128m"
EXPOSE 8080

USER app
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health"]
CMD ["sh", "-c", "exec java $JAVA_OPTS -jar target/units.jar"]
