import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';

/** A language whose sources are read for what a program does. */
export type Language =
  | 'node'
  | 'python'
  | 'ruby'
  | 'php'
  | 'java'
  | 'dotnet'
  | 'go'
  | 'rust'
  | 'c'
  | 'elixir';

/** Endings of the sources of a language. */
export const sourceEndings: Readonly<Record<Language, RegExp>> = {
  node: /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/,
  python: /\.py$/,
  ruby: /\.(?:rb|ru)$/,
  php: /\.php$/,
  java: /\.(?:java|kt|scala|groovy)$/,
  dotnet: /\.(?:cs|fs|vb)$/,
  go: /\.go$/,
  rust: /\.rs$/,
  c: /\.(?:c|cc|cpp|cxx|h|hpp)$/,
  elixir: /\.exs?$/,
};

/** Programs that run a project's own code, by its language. */
const runners: Readonly<Record<string, Language>> = table({
  node: 'node',
  nodejs: 'node',
  bun: 'node',
  deno: 'node',
  tsx: 'node',
  'ts-node': 'node',
  'pm2-runtime': 'node',
  'pm2-docker': 'node',
  pm2: 'node',
  next: 'node',
  nuxt: 'node',
  nuxi: 'node',
  'remix-serve': 'node',
  'react-router-serve': 'node',
  fastify: 'node',
  prisma: 'node',
  sequelize: 'node',
  'sequelize-cli': 'node',
  knex: 'node',
  typeorm: 'node',
  'drizzle-kit': 'node',
  'node-pg-migrate': 'node',
  gunicorn: 'python',
  uvicorn: 'python',
  hypercorn: 'python',
  granian: 'python',
  daphne: 'python',
  'waitress-serve': 'python',
  flask: 'python',
  fastapi: 'python',
  'django-admin': 'python',
  'manage.py': 'python',
  celery: 'python',
  flower: 'python',
  arq: 'python',
  rq: 'python',
  rqworker: 'python',
  dramatiq: 'python',
  huey_consumer: 'python',
  sanic: 'python',
  litestar: 'python',
  uwsgi: 'python',
  streamlit: 'python',
  chainlit: 'python',
  gradio: 'python',
  jupyter: 'python',
  'jupyter-lab': 'python',
  alembic: 'python',
  scrapy: 'python',
  mlflow: 'python',
  ruby: 'ruby',
  puma: 'ruby',
  unicorn: 'ruby',
  rackup: 'ruby',
  rails: 'ruby',
  rake: 'ruby',
  thin: 'ruby',
  falcon: 'ruby',
  sidekiq: 'ruby',
  good_job: 'ruby',
  php: 'php',
  frankenphp: 'php',
  rr: 'php',
  'php-fpm': 'php',
  'apache2-foreground': 'php',
  java: 'java',
  dotnet: 'dotnet',
});

/** The language of the code that a program runs; undefined for programs that bring their own. */
export function languageOf(words: readonly string[]): Language | undefined {
  const program = baseName(words[0] ?? '');
  if (/^python[\d.]*$|^pypy3?$/.test(program) || program.endsWith('.py')) {
    return 'python';
  }
  if (/\.[cm]?[jt]s$/.test(program)) {
    return 'node';
  }
  if (/\.rb$/.test(program)) {
    return 'ruby';
  }
  return Object.hasOwn(runners, program) ? runners[program] : undefined;
}

/** Commands of start scripts that write nothing but to their output. */
const harmless = new Set(
  (
    ': [ [[ test true false echo printf cd pushd popd set unset export local declare readonly shift return exit break ' +
    'continue trap wait sleep ulimit umask read let kill date cat grep egrep fgrep cut tr awk head tail sort uniq wc ls ' +
    'pwd which command type hash id whoami hostname uname env printenv basename dirname realpath readlink stat seq ' +
    'expr xargs find nc ncat netcat curl ping getent nslookup dig pg_isready psql mysql mysqladmin redis-cli ' +
    'mongosh timeout nproc free df sha256sum md5sum base64 jq yq alias getopts wait-for wait-for-it ' +
    'wait-for-it.sh wait-for.sh dockerize pgrep ps ss netstat file diff cmp'
  ).split(' '),
);

export function isHarmless(words: readonly string[]): boolean {
  const program = baseName(words[0] ?? '');
  // `find -delete` and `curl -o` write.
  const isWriting = words.some((word) => /^-(?:delete|exec|o|O|-output|-remote-name)$/.test(word));
  return harmless.has(program) && !(isWriting && ['find', 'curl', 'sort'].includes(program));
}

/** Programs that drop root by themselves, or that cannot do without it. */
const rootPrograms = new Set(
  (
    'supervisord crond cron sshd dockerd containerd systemd init s6-svscan s6-overlay nginx openresty apache2 apachectl ' +
    'apache2ctl apache2-foreground httpd httpd-foreground php-fpm haproxy squid named unbound dnsmasq postfix dovecot ' +
    'rsyslogd syslog-ng smbd vsftpd proftpd pure-ftpd openvpn wg-quick tailscaled keepalived varnishd mysqld mysqld_safe ' +
    'memcached tor gosu su-exec runuser setpriv chroot su sudo service runsvdir my_init chpst s6-setuidgid ' +
    'start-stop-daemon capsh'
  ).split(' '),
);

/** What only root may do in a start script. */
const rootCommands = new Set(
  (
    'usermod groupmod useradd adduser groupadd addgroup chown chgrp sysctl iptables ip6tables mount umount ' +
    'update-ca-certificates apt-get apt apk dnf yum ldconfig setcap passwd chpasswd dpkg-reconfigure locale-gen ' +
    'modprobe ip ifconfig route'
  ).split(' '),
);

/** True for a program that drops root by itself, or cannot do without it. */
export function isRootProgram(word: string): boolean {
  return rootPrograms.has(baseName(word)) || word === '/sbin/init' || /^php-fpm[\d.]*$/.test(baseName(word));
}

/** True for a command of a start script that only root may run. */
export function isRootCommand(word: string): boolean {
  return rootCommands.has(baseName(word)) || /^s6-/.test(baseName(word));
}
