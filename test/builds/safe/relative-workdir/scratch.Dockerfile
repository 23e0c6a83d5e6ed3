FROM scratch
WORKDIR ./app/../srv
COPY words.txt ./
CMD ["/srv/words"]
