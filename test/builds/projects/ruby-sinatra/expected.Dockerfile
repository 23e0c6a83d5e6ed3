# syntax=docker/dockerfile:1
FROM ruby:3.3 AS build

WORKDIR /app

# Gems
ENV BUNDLE_WITHOUT=development:test
COPY Gemfile Gemfile.lock ./
RUN bundle config set --local frozen true \
 && bundle install \
 && rm -rf "$GEM_HOME"/cache/*.gem

FROM ruby:3.3-slim

WORKDIR /app

RUN useradd --system --uid 10001 app

ENV BUNDLE_WITHOUT=development:test
COPY --from=build /usr/local/bundle /usr/local/bundle
COPY . /app

ENV RACK_ENV=production
EXPOSE 4567

USER app
HEALTHCHECK CMD ["ruby", "-rnet/http", "-e", "exit Net::HTTP.get_response(URI('http://127.0.0.1:4567/health')).is_a?(Net::HTTPSuccess)"]
CMD ["bundle", "exec", "rackup", "--host", "0.0.0.0", "--port", "4567"]
