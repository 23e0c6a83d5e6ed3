require_relative "boot"

require "rails"
require "action_controller/railtie"
require "action_view/railtie"

Bundler.require(*Rails.groups)

module Proverbs
  class Application < Rails::Application
    config.load_defaults 7.2
    # Nothing is kept in sessions.
    config.secret_key_base = ENV.fetch("SECRET_KEY_BASE") { SecureRandom.hex(64) }
    config.hosts.clear
  end
end
