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
wanted = %w[base64 logger minitest mustermann rack rack-protection rack-session rackup rake ruby2_keywords sinatra tilt webrick]

Gem::Specification.each do |installed|
  next unless wanted.include?(installed.name)

  Dir.mktmpdir do |folder|
    # Debian keeps some gems' files in a folder of their own, others in the common library folder.
    sources = installed.full_require_paths.select { |path| File.directory?(path) }
    files = sources.flat_map do |source|
      Dir.glob("**/*.rb", base: source).select do |file|
        own = source.include?(installed.full_name) || file.split("/").first.delete_suffix(".rb").tr("-", "_") == installed.name.tr("-", "_")
        next false unless own

        FileUtils.mkdir_p(File.join(folder, "lib", File.dirname(file)))
        FileUtils.cp(File.join(source, file), File.join(folder, "lib", file))
        true
      end
    end
    next if files.empty?

    # The program of the gem itself: the one in /usr/bin only looks for it, and would find itself.
    programs = installed.executables.select { |name| File.file?(installed.bin_file(name)) }
    FileUtils.mkdir_p(File.join(folder, "exe"))
    programs.each { |name| FileUtils.cp(installed.bin_file(name), File.join(folder, "exe", name)) }

    spec = Gem::Specification.new(installed.name, installed.version) do |gem|
      gem.summary = gem.name
      gem.authors = ["Debian"]
      gem.files = files.uniq.map { |file| File.join("lib", file) } + programs.map { |name| File.join("exe", name) }
      gem.bindir = "exe"
      gem.executables = programs
      gem.require_paths = ["lib"]
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
