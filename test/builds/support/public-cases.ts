import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ProofCase } from './cases.ts';
import { cached } from './paths.ts';
import { run } from './run.ts';

/** A project that somebody else wrote, with a Dockerfile of its own. It is fetched when it is asked for. */
export interface PublicCase extends ProofCase {
  /** Owner and name on GitHub. */
  readonly repository: string;
  readonly commit: string;
  /** Folder of the repository that is the build context; '' is its root. */
  readonly directory: string;
}

function fromPublic(
  name: string,
  ecosystem: string,
  source: Pick<PublicCase, 'repository' | 'commit' | 'directory'>,
  details: Pick<ProofCase, 'requests' | 'change' | 'port'> & Partial<Pick<ProofCase, 'remark'>>,
): PublicCase {
  const project = join(checkoutFolder(source), source.directory);
  return { name, ecosystem, project, expectations: project, factor: 1, short: false, ...source, ...details };
}

function checkoutFolder({ repository, commit }: Pick<PublicCase, 'repository' | 'commit'>): string {
  return join(cached('public'), `${repository.replace('/', '+')}-${commit.slice(0, 12)}`);
}

const slashes = '\n// A comment.\n';
const hash = '\n# A comment.\n';

/** Small programs that answer without a database, on base images that the suite has stand-ins for. */
export const publicCases: readonly PublicCase[] = [
  fromPublic(
    'dapr-node-app',
    'Node, npm',
    {
      repository: 'dapr/quickstarts',
      commit: '56eb3ae3a4cc1783f2d65a6525deb51065fe0151',
      directory: 'tutorials/hello-kubernetes/node',
    },
    { port: 3000, requests: [{ path: '/ports', answer: /3500/ }], change: { file: 'app.js', text: slashes } },
  ),
  fromPublic(
    'dapr-react-calculator',
    'Node, npm, React',
    {
      repository: 'dapr/quickstarts',
      commit: '56eb3ae3a4cc1783f2d65a6525deb51065fe0151',
      directory: 'tutorials/distributed-calculator/react-calculator',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /<div id="root">/ }],
      change: { file: 'server.js', text: slashes },
    },
  ),
  fromPublic(
    'knative-hello-nodejs',
    'Node, npm',
    {
      repository: 'knative/docs',
      commit: 'de125bfad88b6f8f5ff037866a5436d64051898f',
      directory: 'code-samples/serving/hello-world/helloworld-nodejs',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello World/ }],
      change: { file: 'index.js', text: slashes },
    },
  ),
  fromPublic(
    'node-bulletin-board',
    'Node, npm',
    {
      repository: 'dockersamples/node-bulletin-board',
      commit: '4aaaa14f11cb9b45fe1a1b9db3edfdb5d9a4a13e',
      directory: 'bulletin-board-app',
    },
    {
      port: 8080,
      requests: [
        { path: '/', answer: /<html/ },
        { path: '/api/events', answer: /title/ },
      ],
      change: { file: 'server.js', text: slashes },
    },
  ),
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
      change: { file: 'app/main.py', text: hash },
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
      change: { file: 'main.py', text: hash },
    },
  ),
  fromPublic(
    'mana-api',
    'Python, pip, FastAPI',
    { repository: '0xdials/mana', commit: '1ba93075193a3c1a890bc260153e90245b4eb7e0', directory: 'api' },
    {
      port: 8080,
      requests: [{ path: '/', answer: /welcome to the infra skeleton/ }],
      change: { file: 'main.py', text: hash },
    },
  ),
  fromPublic(
    'docker-gs-ping',
    'Go',
    {
      repository: 'docker/docker-gs-ping',
      commit: 'fbee2036cc90b84f87e8a95b7de2a1c4065c87c7',
      directory: '',
    },
    {
      port: 8080,
      requests: [
        { path: '/', answer: /Hello, Docker!/ },
        { path: '/health', answer: /OK/ },
      ],
      change: { file: 'main.go', text: slashes },
    },
  ),
  fromPublic(
    'go-docker',
    'Go',
    { repository: 'callicoder/go-docker', commit: '86c76a4d1f286a83a822221e2842bfaed21dc788', directory: '' },
    {
      port: 8080,
      requests: [{ path: '/?name=Ada', answer: /Hello, Ada/ }],
      change: { file: 'hello_server.go', text: slashes },
    },
  ),
  fromPublic(
    'url-shortener',
    'Go, cgo, SQLite',
    {
      repository: '0azis/url-shortener',
      commit: '89f121c73be6f1d22a251d268a4be499e1f4f301',
      directory: 'server',
    },
    {
      port: 8080,
      requests: [{ path: '/api/url', status: 401, answer: /\w/ }],
      change: { file: 'cmd/url-shortener/main.go', text: slashes },
    },
  ),
  fromPublic(
    'knative-hello-rust',
    'Rust',
    {
      repository: 'knative/docs',
      commit: 'de125bfad88b6f8f5ff037866a5436d64051898f',
      directory: 'code-samples/community/serving/helloworld-rust',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello World/ }],
      change: { file: 'src/main.rs', text: slashes },
    },
  ),
  fromPublic(
    'c-http-server',
    'C, gcc',
    {
      repository: 'helyaKi/http_server_odev',
      commit: 'a9007e0a247d312aceb6d77f007827323a8d131f',
      directory: '',
    },
    {
      port: 8080,
      requests: [
        { path: '/api/hello', answer: /Hello, world/ },
        { path: '/static/index.html', answer: /<html/i },
      ],
      change: { file: 'server.c', text: slashes },
    },
  ),
];

/**
 * Brings the projects onto this machine, each at its commit, from GitHub. BALLAST_PUBLIC_MIRROR may name a folder with
 * copies of the repositories (`<owner>+<name>` or `<owner>+<name>/repo`), for a machine that GitHub cannot be reached from.
 */
export async function fetchPublicCases(cases: readonly PublicCase[]): Promise<void> {
  for (const one of cases) {
    const folder = checkoutFolder(one);
    if (existsSync(join(folder, '.git', 'fetched'))) continue;
    await run('rm', ['-rf', folder]);
    await run('git', ['clone', '--quiet', '--no-checkout', sourceOf(one.repository), folder]);
    await run('git', ['-C', folder, 'checkout', '--quiet', one.commit]);
    await run('touch', [join(folder, '.git', 'fetched')]);
  }
}

function sourceOf(repository: string): string {
  const mirror = process.env['BALLAST_PUBLIC_MIRROR'];
  if (mirror === undefined) return `https://github.com/${repository}.git`;
  const copy = join(mirror, repository.replace('/', '+'));
  return existsSync(join(copy, 'repo')) ? join(copy, 'repo') : copy;
}
