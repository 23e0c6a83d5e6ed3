import type { Framework } from '../framework.ts';

/** Frameworks, libraries and servers of Python that write files of their own or listen to a port of their own. Source: their own documentation, 2026-11. */
export const pythonFrameworks: readonly Framework[] = [
  { package: /^[ \t"']*instaloader\b/m, writes: ['.'] },
  { package: /^[ \t"']*(?:pytorch-)?lightning\b/m, writes: ['lightning_logs'] },
  { package: /^[ \t"']*gradio\b/m, writes: ['.', 'flagged', '.gradio'] },
  { package: /^[ \t"']*chainlit\b/m, writes: ['.', '.chainlit', '.files'] },
  { package: /^[ \t"']*mlflow\b/m, writes: ['mlruns'] },
  { package: /^[ \t"']*ultralytics\b/m, writes: ['.', 'runs'] },
  { package: /^[ \t"']*flask-session\b/im, writes: ['flask_session'] },
  { package: /^[ \t"']*rasa\b/m, writes: ['.rasa', 'models'] },
  { server: { command: /(?:^|[/\s])uvicorn\s/, port: 8000, honours: false, setBy: /^UVICORN_/ } },
  { server: { command: /(?:^|[/\s])(?:hypercorn|daphne)\s|\bfastapi run\b/, port: 8000, honours: false } },
  { server: { command: /(?:^|[/\s])gunicorn\s/, port: 8000, honours: true } },
  { server: { command: /\bflask (?:[\w-]+ )*run\b/, port: 5000, honours: false, setBy: /^FLASK_RUN_PORT$/ } },
  { server: { command: /\bstreamlit run\b/, port: 8501, honours: false, setBy: /^STREAMLIT_/ } },
  { server: { command: /-m http\.server\s*$/, port: 8000, honours: false } },
];
