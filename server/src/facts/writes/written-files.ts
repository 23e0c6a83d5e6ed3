/** What sources and settings of a compiled program say when it writes files beside itself. */
const writesBesideItself =
  /jdbc:(?:h2:(?:file:)?\.{0,2}\/(?!\/)|h2:(?:file:)?~?[\w.]|sqlite:(?!:memory)[\w.]|hsqldb:file:|derby:(?!memory))|logging\.file|\bnew\s+File(?:Writer|OutputStream)\(|\bFiles\.(?:write|newBufferedWriter|newOutputStream|createDirector\w+|createFile)\b|<file>\s*[\w.]|\bos\.(?:Create|OpenFile|WriteFile|Mkdir|MkdirAll)\(|\bioutil\.WriteFile\(|\bsql\.Open\("sqlite3?"|\bsqlite\.Open\(|\bfs::(?:write|create_dir|create_dir_all|OpenOptions)|\bFile::create\(|\bOpenOptions::new\(|sqlite:\/\/(?!\/)|\bfopen\([^)]*"[wa]|\bstd::ofstream\b|\bsqlite3_open/;

/** True where a compiled program writes files, as far as a look at its sources tells: most do so where they stand. */
export function writesBeside(sources: string): boolean {
  return writesBesideItself.test(sources);
}
