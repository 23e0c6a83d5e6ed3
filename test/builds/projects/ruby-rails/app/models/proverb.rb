# Proverbs by number, from lib/proverbs.txt.
module Proverb
  def self.all = @all ||= Rails.root.join("lib/proverbs.txt").readlines(chomp: true)

  def self.find(id) = all[id.to_i - 1]
end
