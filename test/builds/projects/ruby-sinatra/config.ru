require_relative "app"

run Moon
