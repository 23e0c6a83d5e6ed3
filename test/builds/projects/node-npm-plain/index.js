const express = require('express');
const { openBook } = require('./lib/book');

const app = express();
const book = openBook(process.env.DATA_DIR || 'data');

app.use(express.json());
app.use(express.static('public'));

app.get('/health', (req, res) => res.json({ status: 'ok' }));
app.get('/entries', (req, res) => res.json(book.entries()));
app.post('/entries', (req, res) => res.status(201).json(book.add(String(req.body.text))));

const port = process.env.PORT || 3000;
const server = app.listen(port, () => console.log(`Listening on ${port}`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
