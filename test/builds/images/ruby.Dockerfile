# docker.io/library/ruby: Debian's Ruby with the gem home of the official image, and the libraries that nokogiri brings along. rubygems.org may be out of reach, so gems that
# Debian packages are packed again into a small index in the image, which Bundler uses as its mirror.
ARG BASE
FROM docker.io/library/debian:trixie AS gems
RUN apt-get update && apt-get install -y --no-install-recommends ruby ruby-sinatra ruby-rackup ruby-webrick ruby-minitest rake ruby-rails puma ruby-bootsnap
COPY pack-gems.rb /pack-gems.rb
RUN ruby /pack-gems.rb /mirror

FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates ruby ruby-dev bundler libyaml-0-2 libxml2 libxslt1.1 tzdata && rm -rf /var/lib/apt/lists/* \
 && for name in ruby gem bundle bundler erb irb; do if [ -e /usr/bin/$name ]; then ln -s /usr/bin/$name /usr/local/bin/$name; fi; done \
 && mkdir -p /usr/local/bundle && chmod 1777 /usr/local/bundle
COPY --from=gems /mirror /usr/local/share/gem-mirror
ENV LANG=C.UTF-8 GEM_HOME=/usr/local/bundle BUNDLE_SILENCE_ROOT_WARNING=1 BUNDLE_APP_CONFIG=/usr/local/bundle \
    PATH=/usr/local/bundle/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN mkdir -p /root/.bundle && printf -- '---\nBUNDLE_MIRROR__HTTPS://RUBYGEMS__ORG/: "file:///usr/local/share/gem-mirror"\n' > /root/.bundle/config
CMD ["irb"]
