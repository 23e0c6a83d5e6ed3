# docker.io/library/maven: Debian's Maven on the Temurin stand-in.
FROM docker.io/library/eclipse-temurin:21
RUN apt-get update && apt-get install -y --no-install-recommends git maven && rm -rf /var/lib/apt/lists/*
ENV MAVEN_HOME=/usr/share/maven MAVEN_CONFIG=/root/.m2
CMD ["mvn"]
