import { h, render } from 'preact';

render(h('h1', {}, 'Glossary'), document.body);
