import { fromPublic, type PublicCase } from './case.ts';

/** Public Python projects. */
export const pythonCases: readonly PublicCase[] = [
  fromPublic(
    'flask-template-web',
    'Python, pip, Flask',
    {
      repository: '0nebody/flask-template',
      commit: '3339c884878867fb5da6173b78b2485e6d9d640b',
      directory: 'web',
    },
    {
      port: 80,
      requests: [{ path: '/add', answer: /Add User/ }],
      remark:
        'Its first page, which the probe asks for, shows what another service answers, and that one is not there.',
    },
  ),
  fromPublic(
    'cloud-run-vpc-sample',
    'Python, pip',
    {
      repository: 'GoogleCloudPlatform/cloud-run-samples',
      commit: 'cd2eb7eb188daf9bf482e6d100777e98d6aba00c',
      directory: 'vpc-sample',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /unknown url type|None|url/i }],
    },
  ),
  fromPublic(
    'mana-api',
    'Python, pip, FastAPI',
    { repository: '0xdials/mana', commit: '1ba93075193a3c1a890bc260153e90245b4eb7e0', directory: 'api' },
    {
      port: 8080,
      requests: [{ path: '/', answer: /welcome to the infra skeleton/ }],
    },
  ),
  fromPublic(
    'okteto-python',
    'Python, pip, Flask',
    {
      repository: 'okteto/python-getting-started',
      commit: '0d27f6877cb6c73b64e297916cc62e2b779ae9ce',
      directory: '',
    },
    { port: 8080, requests: [{ path: '/', answer: /Hello World!/ }] },
  ),
  fromPublic(
    'knative-hello-python',
    'Python, pip, gunicorn',
    {
      repository: 'knative/docs',
      commit: 'de125bfad88b6f8f5ff037866a5436d64051898f',
      directory: 'code-samples/serving/hello-world/helloworld-python',
    },
    {
      port: 8080,
      environment: { PORT: '8080' },
      requests: [{ path: '/', answer: /Hello World!/ }],
    },
  ),
  fromPublic(
    'cloud-run-system-package',
    'Python, pip, graphviz',
    {
      repository: 'GoogleCloudPlatform/python-docs-samples',
      commit: '683bf45f8f608cf0248d485d2c60de22e356b2db',
      directory: 'run/system-package',
    },
    {
      port: 8080,
      environment: { PORT: '8080' },
      requests: [{ path: '/diagram.png?dot=digraph%20G%20%7Ba%20-%3E%20b%7D', answer: /PNG/ }],
    },
  ),
  fromPublic(
    'goormedu-cloud',
    'Python, Poetry, FastAPI',
    {
      repository: 'rinlynlin/goormedu_cloud',
      commit: '9e3ea5dfa6b85fa8da8eefa41be7db7256842109',
      directory: '',
    },
    {
      port: 8000,
      requests: [{ path: '/', answer: /Hello, world!/ }],
    },
  ),
  fromPublic(
    'sentiment-demo',
    'Python, pip, Streamlit',
    { repository: 'PareshC5I/Demo', commit: '1bb778527d09c4f34d82c0e944f0eea21916b0ca', directory: '' },
    {
      port: 8501,
      requests: [
        { path: '/', answer: /Streamlit/ },
        { path: '/_stcore/health', answer: /ok/ },
      ],
    },
  ),
  fromPublic(
    'todo-app-flask',
    'Python, pip, Flask, SQLite',
    {
      repository: 'asadafasab/todo_app_flask',
      commit: 'c545284b02ffaaca3dae5d62c8de4dc3a4539354',
      directory: '',
    },
    { port: 8080, requests: [{ path: '/about', answer: /<html/i }] },
  ),
  fromPublic(
    'cloud-run-hello-python',
    'Python, pip, Flask',
    {
      repository: 'GoogleCloudPlatform/python-docs-samples',
      commit: '683bf45f8f608cf0248d485d2c60de22e356b2db',
      directory: 'run/helloworld',
    },
    { port: 8080, environment: { PORT: '8080' }, requests: [{ path: '/', answer: /Hello World!/ }] },
  ),
  fromPublic(
    'cloud-run-markdown',
    'Python, pip, Flask',
    {
      repository: 'GoogleCloudPlatform/python-docs-samples',
      commit: '683bf45f8f608cf0248d485d2c60de22e356b2db',
      directory: 'run/markdown-preview/renderer',
    },
    {
      port: 8080,
      environment: { PORT: '8080' },
      requests: [{ path: '/', method: 'POST', body: '"**tides**"', answer: /<strong>tides/ }],
    },
  ),
  fromPublic(
    'cloud-run-logging',
    'Python, pip, Flask',
    {
      repository: 'GoogleCloudPlatform/python-docs-samples',
      commit: '683bf45f8f608cf0248d485d2c60de22e356b2db',
      directory: 'run/logging-manual',
    },
    {
      port: 8080,
      environment: { PORT: '8080', GOOGLE_CLOUD_PROJECT: 'tides' },
      requests: [{ path: '/', answer: /Hello Logger!/ }],
    },
  ),
];
