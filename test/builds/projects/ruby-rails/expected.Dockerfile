# syntax=docker/dockerfile:1
FROM ruby:3.3 AS build

WORKDIR /rails

ENV BUNDLE_WITHOUT=development:test BUNDLE_FROZEN=1

# The gems are installed with everything that compiles them
COPY Gemfile Gemfile.lock ./
RUN bundle install

COPY . .

FROM ruby:3.3-slim

RUN useradd --system --uid 10001 --create-home rails

WORKDIR /rails

ENV RAILS_ENV=production BUNDLE_WITHOUT=development:test

COPY --from=build /usr/local/bundle /usr/local/bundle
COPY --from=build /rails ./
RUN mkdir -p log tmp && chown -R rails log tmp

EXPOSE 3000
USER rails
HEALTHCHECK CMD ["ruby", "-rnet/http", "-e", "exit(Net::HTTP.get_response(URI('http://127.0.0.1:3000/up')).is_a?(Net::HTTPSuccess))"]
CMD ["bin/rails", "server", "-b", "0.0.0.0"]
