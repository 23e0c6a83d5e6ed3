// Lists the pages after each install.
const fs = require('node:fs');
const pages = fs.existsSync('pages') ? fs.readdirSync('pages') : [];
fs.writeFileSync('pages.json', JSON.stringify(pages));
