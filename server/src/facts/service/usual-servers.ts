/** The port that a start command names: options, and addresses that end in a port. */
export const namedPorts = [
  /(?:^|\s)(?:--(?:[\w-]+\.)?(?:http-)?port|-p|-Dserver\.port)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--bind|-b|--listen|-l|--addr|--address|-addr|-S|runserver)[= ](?:tcp:\/\/|https?:\/\/)?[\w.*[\]${}-]*:(\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--listen|-l)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)-m http\.server (\d{2,5})(?=\s|$)/,
];

/** A server that listens to a port of its own where none is named. */
export interface UsualServer {
  readonly command: RegExp;
  readonly port: number;
  /** True where the variable PORT wins. */
  readonly honours: boolean;
  /** Variables that name another port; undefined where it is not known what else does. */
  readonly setBy?: RegExp;
}

/** Servers that listen to a port of their own where none is named. A setting `PORT` wins where they honour it. */
export const usualServers: readonly UsualServer[] = [
  { command: /(?:^|[/\s])uvicorn\s/, port: 8000, honours: false, setBy: /^UVICORN_/ },
  { command: /(?:^|[/\s])(?:hypercorn|daphne)\s|\bfastapi run\b/, port: 8000, honours: false },
  { command: /(?:^|[/\s])gunicorn\s/, port: 8000, honours: true },
  { command: /\bflask (?:[\w-]+ )*run\b/, port: 5000, honours: false, setBy: /^FLASK_RUN_PORT$/ },
  { command: /\bstreamlit run\b/, port: 8501, honours: false, setBy: /^STREAMLIT_/ },
  { command: /\brails s(?:erver)?\b/, port: 3000, honours: true },
  { command: /\bnext start\b/, port: 3000, honours: true, setBy: /^PORT$/ },
  { command: /\bnuxt start\b/, port: 3000, honours: true },
  { command: /(?:^|[/\s])remix-serve\s/, port: 3000, honours: true, setBy: /^PORT$/ },
  { command: /-m http\.server\s*$/, port: 8000, honours: false },
];
