# docker.io/library/eclipse-temurin: Debian's OpenJDK in the place of the official image, which stands on Ubuntu (user ubuntu, uid 1000).
ARG BASE
FROM ${BASE}
ARG JAVA_PACKAGE
# The slim image has no folder for manual pages, which the Java packages expect.
RUN mkdir -p /usr/share/man/man1 && useradd --uid 1000 --user-group --create-home --shell /bin/bash ubuntu \
 && apt-get update && apt-get install -y --no-install-recommends ca-certificates curl wget fontconfig tzdata ${JAVA_PACKAGE} \
 && rm -rf /var/lib/apt/lists/* && mkdir -p /opt/java && ln -s "$(readlink -f /usr/bin/java | sed s,/bin/java,,)" /opt/java/openjdk
ENV JAVA_HOME=/opt/java/openjdk PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
CMD ["jshell"]
