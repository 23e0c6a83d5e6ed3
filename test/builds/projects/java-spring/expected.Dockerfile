# syntax=docker/dockerfile:1
FROM maven:3-eclipse-temurin-21 AS build

WORKDIR /workspace

COPY pom.xml ./
RUN --mount=type=cache,target=/root/.m2/repository \
    mvn -B dependency:go-offline

COPY . /workspace

RUN --mount=type=cache,target=/root/.m2/repository \
    mvn -B clean package -DskipTests

FROM eclipse-temurin:21-jre

WORKDIR /workspace

RUN useradd --system --uid 10001 app

COPY --from=build /workspace/target/stock-0.3.0-SNAPSHOT.jar ./stock.jar

EXPOSE 8081

USER app
HEALTHCHECK CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8081/health"]
CMD ["java", "-jar", "stock.jar"]
