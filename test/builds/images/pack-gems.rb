# Packs the gems that Debian installed into .gem files below the given folder, with the index that Bundler reads.
require "rubygems/package"
require "fileutils"
require "tmpdir"
require "zlib"

mirror = ARGV.fetch(0)
target = File.join(mirror, "gems")
quick = File.join(mirror, "quick", "Marshal.4.8")
FileUtils.mkdir_p([target, quick])
packed = []

# The gems that the projects name, and all that these depend on.
wanted = %w[bootsnap logger minitest puma rack rackup rails rake sinatra webrick]
loop do
  before = wanted.size
  wanted.each do |name|
    found = Gem::Specification.find_all_by_name(name).first
    found&.runtime_dependencies&.each { |needed| wanted |= [needed.name] }
  end
  break if wanted.size == before
end

Gem::Specification.each do |installed|
  # What Ruby brings along is there already.
  next if installed.default_gem? || !wanted.include?(installed.name)

  Dir.mktmpdir do |folder|
    has_folder = File.directory?(File.join(installed.full_gem_path, "lib"))
    if has_folder
      FileUtils.cp_r(File.join(installed.full_gem_path, "."), folder)
      # Compiled parts go where they are looked for when nothing is compiled.
      compiled = installed.extension_dir
      Dir.glob("**/*.so", base: compiled).each do |file|
        FileUtils.mkdir_p(File.join(folder, "lib", File.dirname(file)))
        FileUtils.cp(File.join(compiled, file), File.join(folder, "lib", file))
      end
    else
      # Debian keeps other gems' files in the common library folders: the package tells which are its own.
      package = `dpkg -S #{installed.loaded_from}`[/^[^:]+/]
      `dpkg -L #{package}`.lines.map(&:chomp).select { |path| File.file?(path) }.each do |path|
        own = path[%r{/ruby/vendor_ruby/(?:\d+\.\d+\.\d+/)?(.+)$}, 1]
        next if own.nil?

        FileUtils.mkdir_p(File.join(folder, "lib", File.dirname(own)))
        FileUtils.cp(path, File.join(folder, "lib", own))
      end
    end

    # The program of the gem itself: the one in /usr/bin only looks for it, and would find itself.
    programs = installed.executables.select { |name| File.file?(installed.bin_file(name)) }
    FileUtils.mkdir_p(File.join(folder, "exe"))
    programs.each { |name| FileUtils.cp(installed.bin_file(name), File.join(folder, "exe", name)) }
    files = Dir.glob("**/*", File::FNM_DOTMATCH, base: folder).select { |file| File.file?(File.join(folder, file)) }
    # A gem that only names others has no files of its own.
    next if files.empty? && installed.name != "rails"

    spec = Gem::Specification.new(installed.name, installed.version) do |gem|
      gem.summary = gem.name
      gem.authors = ["Debian"]
      gem.files = files
      gem.bindir = "exe"
      gem.executables = programs
      gem.require_paths = has_folder ? installed.raw_require_paths : ["lib"]
      installed.runtime_dependencies.each { |needed| gem.add_dependency(needed.name, *needed.requirement.as_list) }
    end
    built = Dir.chdir(folder) { Gem::Package.build(spec, true) }
    FileUtils.mv(File.join(folder, built), target)
    packed << spec
    puts "#{installed.full_name}: #{files.size} files"
  end
end

packed.each do |spec|
  File.binwrite(File.join(quick, "#{spec.full_name}.gemspec.rz"), Zlib.deflate(Marshal.dump(spec)))
end
names = packed.map { |spec| [spec.name, spec.version, "ruby"] }
{ "specs" => names, "latest_specs" => names, "prerelease_specs" => [] }.each do |name, content|
  Zlib::GzipWriter.open(File.join(mirror, "#{name}.4.8.gz")) { |file| file.write(Marshal.dump(content)) }
end
