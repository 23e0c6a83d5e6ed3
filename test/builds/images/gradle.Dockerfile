# docker.io/library/gradle: Debian's Gradle on the Temurin stand-in, with the user gradle and its home.
FROM docker.io/library/eclipse-temurin:17
RUN userdel --remove ubuntu && useradd --uid 1000 --user-group --create-home --shell /bin/bash gradle \
 && apt-get update && apt-get install -y --no-install-recommends gradle unzip git && rm -rf /var/lib/apt/lists/* \
 && mkdir /home/gradle/.gradle && chown gradle:gradle /home/gradle/.gradle && ln -s /home/gradle/.gradle /root/.gradle
ENV GRADLE_HOME=/usr/share/gradle
CMD ["gradle"]
