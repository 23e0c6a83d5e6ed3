import { join } from 'node:path';
import { examplesFolder, projectsFolder } from './paths.ts';

/** What is asked of the running program; the answer must match and be the same before and after. */
export interface Request {
  readonly path: string;
  readonly method?: 'POST';
  /** JSON text to send. */
  readonly body?: string;
  readonly answer: RegExp;
  /** Status of the answer where it is not one of success. */
  readonly status?: number;
  /** The body differs from run to run (a random number, the time): only the pattern and the status are compared. */
  readonly varies?: true;
}

/** A project with its Dockerfile, and how to see that its image does what it should. */
export interface ProofCase {
  readonly name: string;
  readonly ecosystem: string;
  /** Folder of the project. */
  readonly project: string;
  /** Folder with `expected.Dockerfile` and, where more files are needed, `expected.files`. */
  readonly expectations: string;
  /** Port of the service; programs without one print their answer and end. */
  readonly port?: number;
  /** Variables that the platform it is written for gives every container, such as PORT. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly requests: readonly Request[];
  /** What a program without a port prints. */
  readonly prints?: RegExp;
  /** A source file and text to put at its end: the one-line change after which builds are repeated, where they are. */
  readonly change?: { readonly file: string; readonly text: string };
  /** How people install and build the project on their machine, for the estimates; where that can be done with npm alone. */
  readonly onThisMachine?: string;
  /** How much smaller the image has to become on disk. */
  readonly factor: number;
  /** Why it cannot do all that it should in this suite: a sentence. */
  readonly remark?: string;
  /** Part of the short form of the suite. */
  readonly short: boolean;
}

const health: Request = { path: '/health', answer: /ok/ };

function project(
  name: string,
  ecosystem: string,
  details: Omit<ProofCase, 'name' | 'ecosystem' | 'project' | 'expectations' | 'short'> & { short?: true },
): ProofCase {
  const folder = join(projectsFolder, name);
  return {
    name,
    ecosystem,
    project: folder,
    expectations: folder,
    ...details,
    short: details.short ?? false,
  };
}

const comment = { slashes: '\n// A comment.\n', hash: '\n# A comment.\n' };

/** All projects that can be built here. */
export const proofCases: readonly ProofCase[] = [
  {
    ...project('node-service', 'Node, npm, TypeScript', {
      port: 3000,
      requests: [
        health,
        { path: '/links', answer: /^\[\]$/ },
        {
          path: '/links',
          method: 'POST',
          body: '{"target":"https://example.org/"}',
          answer: /"code"/,
          varies: true,
        },
      ],
      change: { file: 'src/app.ts', text: comment.slashes },
      onThisMachine: 'npm ci && npm run build',
      factor: 2,
      short: true,
    }),
    project: join(examplesFolder, 'node-service'),
  },
  project('node-npm-plain', 'Node, npm, no build', {
    port: 3000,
    requests: [
      health,
      { path: '/', answer: /Guestbook/ },
      { path: '/entries', method: 'POST', body: '{"text":"hello"}', answer: /hello/, varies: true },
    ],
    change: { file: 'lib/book.js', text: comment.slashes },
    onThisMachine: 'npm ci',
    factor: 2,
  }),
  project('node-pnpm', 'Node, pnpm, esbuild', {
    port: 8080,
    requests: [health, { path: '/feed', answer: /First release/ }],
    change: { file: 'src/feed.ts', text: comment.slashes },
    factor: 2,
  }),
  project('node-yarn1', 'Node, yarn 1, Babel', {
    port: 5000,
    requests: [health, { path: '/convert?amount=2&from=USD&to=EUR', answer: /1\.8/ }],
    change: { file: 'src/convert.js', text: comment.slashes },
    factor: 2,
  }),
  project('node-next', 'Node, npm, Next.js', {
    port: 3000,
    requests: [
      { path: '/api/health', answer: /ok/ },
      { path: '/', answer: /<li>15:55<\/li>/, varies: true },
      { path: '/api/tides?first=1', answer: /13:25/ },
    ],
    change: { file: 'lib/tides.ts', text: comment.slashes },
    factor: 1.5,
  }),
  project('node-nest', 'Node, npm, NestJS', {
    port: 3000,
    requests: [health, { path: '/shelves/atlases', answer: /The Coast/ }],
    change: { file: 'src/shelves.service.ts', text: comment.slashes },
    factor: 2,
  }),
  project('node-workspaces', 'Node, npm workspaces', {
    port: 3000,
    requests: [health, { path: '/price', answer: /1,299\.00/ }],
    change: { file: 'packages/money/src/index.ts', text: comment.slashes },
    factor: 2,
  }),
  project('node-pnpm-workspaces', 'Node, pnpm workspaces', {
    port: 4000,
    requests: [health, { path: '/word/tag', answer: /may move/ }],
    change: { file: 'packages/words/src/index.ts', text: comment.slashes },
    factor: 2,
  }),
  project('node-yarn4', 'Node, Yarn 4 workspaces', {
    port: 3100,
    requests: [health, { path: '/convert?amount=2&measure=cup', answer: /473\.2 ml/ }],
    change: { file: 'libs/units/src/index.ts', text: comment.slashes },
    factor: 2,
  }),
  project('node-bun', 'Bun', {
    port: 3000,
    requests: [health, { path: '/check?text=Anna', answer: /true/ }],
    change: { file: 'src/palindrome.ts', text: comment.slashes },
    factor: 1,
    remark: 'Without a network nobody knows what oven/bun:1-slim weighs, so that the base image stays.',
  }),
  project('node-static-site', 'Static site, Vite', {
    port: 4173,
    requests: [health, { path: '/', answer: /<title>Colours<\/title>/ }],
    change: { file: 'src/palette.ts', text: comment.slashes },
    onThisMachine: 'npm ci && npm run build',
    factor: 2,
    short: true,
  }),
  project('python-pip', 'Python, pip, Flask', {
    port: 8000,
    requests: [health, { path: '/', answer: /<title>Badges/ }, { path: '/badge.png?text=x', answer: /PNG/ }],
    change: { file: 'app.py', text: comment.hash },
    factor: 2,
    short: true,
  }),
  project('python-poetry', 'Python, Poetry, FastAPI', {
    port: 8000,
    requests: [health, { path: '/quotes/1', answer: /Well begun/ }],
    change: { file: 'quotes/main.py', text: comment.hash },
    factor: 2,
  }),
  project('python-pipenv', 'Python, Pipenv, Bottle', {
    port: 8080,
    requests: [health, { path: '/part/9', answer: /morning/ }],
    change: { file: 'app.py', text: comment.hash },
    factor: 2,
  }),
  project('python-uv-pip', 'Python, uv pip, Starlette', {
    port: 8000,
    requests: [health, { path: '/length?value=1&unit=mi&to=km', answer: /1\.6093/ }],
    change: { file: 'units/convert.py', text: comment.hash },
    factor: 2,
  }),
  project('python-uv', 'Python, uv, Starlette', {
    port: 8000,
    requests: [health, { path: '/now?zone=Europe/Paris', answer: /now/, varies: true }],
    change: { file: 'src/clock/app.py', text: comment.hash },
    factor: 2,
  }),
  project('django', 'Python, pip, Django', {
    port: 8000,
    requests: [
      health,
      { path: '/', answer: /note 1/ },
      { path: '/static/notes/notes.css', answer: /sans-serif/ },
    ],
    change: { file: 'notes/views.py', text: comment.hash },
    factor: 2,
  }),
  project('go-service', 'Go', {
    port: 8080,
    requests: [health, { path: '/notes/first', answer: /<em>small<\/em>/ }],
    change: { file: 'main.go', text: comment.slashes },
    factor: 10,
    short: true,
  }),
  project('java-maven', 'Java, Maven', {
    port: 8080,
    requests: [health, { path: '/km?miles=10', answer: /16\.09/ }],
    change: { file: 'src/main/java/org/example/units/Main.java', text: comment.slashes },
    factor: 1.5,
  }),
  project('java-gradle', 'Java, Gradle', {
    port: 8080,
    requests: [health, { path: '/title?two+words', answer: /Two Words/ }],
    change: { file: 'src/main/java/org/example/words/Main.java', text: comment.slashes },
    factor: 1.5,
  }),
  project('java-spring', 'Java, Maven, Spring Boot', {
    port: 8081,
    requests: [health, { path: '/stock/bolt', answer: /120/ }],
    change: {
      file: 'src/main/java/org/example/stock/StockApplication.java',
      text: comment.slashes,
    },
    factor: 1.5,
  }),
  project('rust-cargo', 'Rust', {
    port: 7000,
    requests: [health, { path: '/roll', answer: /^[1-6]$/, varies: true }],
    change: { file: 'src/main.rs', text: comment.slashes },
    factor: 10,
  }),
  project('rust-workspace', 'Rust, Cargo workspace', {
    port: 7070,
    requests: [health, { path: '/', answer: /visitor/, varies: true }],
    change: { file: 'crates/web/src/main.rs', text: comment.slashes },
    factor: 10,
  }),
  project('ruby-sinatra', 'Ruby, Bundler', {
    port: 4567,
    requests: [health, { path: '/phase/3', answer: /10 % through/ }],
    change: { file: 'app.rb', text: comment.hash },
    factor: 2,
  }),
  project('ruby-rails', 'Ruby, Rails', {
    port: 3000,
    requests: [
      { path: '/up', answer: /green/ },
      { path: '/proverbs/2', answer: /Still waters/ },
      { path: '/', answer: /<li>A watched pot/ },
    ],
    change: { file: 'app/models/proverb.rb', text: comment.hash },
    factor: 2,
  }),
  project('php-composer', 'PHP, Composer, Apache', {
    port: 80,
    requests: [health, { path: '/?name=Ada', answer: /Hello, Ada, visit 1/ }],
    change: { file: 'src/Page.php', text: comment.slashes },
    factor: 1.1,
  }),
  project('dotnet-core31', '.NET', {
    port: 5000,
    requests: [
      { path: '/health', answer: /Healthy/ },
      { path: '/next', answer: /Brest: 09:47/ },
      { path: '/index.html', answer: /<title>Tides/ },
    ],
    change: { file: 'Tides/TideTable.cs', text: comment.slashes },
    factor: 1.5,
  }),
  project('c-make', 'C, make', {
    port: 9090,
    requests: [health, { path: '/', answer: /visit 1/ }],
    change: { file: 'src/store.c', text: comment.slashes },
    factor: 3,
    short: true,
  }),
  project('cpp-cmake', 'C++, CMake', {
    requests: [],
    prints: /25\n$/,
    change: { file: 'src/table.cpp', text: comment.slashes },
    factor: 3,
  }),
];
