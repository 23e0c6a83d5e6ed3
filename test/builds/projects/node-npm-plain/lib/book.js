const fs = require('node:fs');
const path = require('node:path');

/** Entries are kept in one file in the given directory, which is made when it is missing. */
exports.openBook = (directory) => {
  fs.mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'entries.json');
  const entries = () => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : []);
  const add = (text) => {
    const entry = { text, at: new Date().toISOString() };
    fs.writeFileSync(file, JSON.stringify([...entries(), entry]));
    return entry;
  };
  return { entries, add };
};
