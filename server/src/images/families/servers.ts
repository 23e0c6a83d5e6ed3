import type { ImageTraits } from '../knowledge.ts';
import { compareVersions } from '../tag.ts';
import {
  alpine,
  debian,
  type Family,
  type FamilyTag,
  redHat,
  type SystemTraits,
  systemOf,
  systemUsers,
  ubuntu,
  variantsOf,
  withTools,
} from './family.ts';

/** An image that runs a server by itself, on Debian and perhaps on Alpine. */
interface ServerImage {
  readonly name: string;
  readonly images?: readonly string[];
  readonly tools: readonly string[];
  readonly debianTools?: readonly string[];
  readonly ports: readonly number[];
  /** The user the image makes for its server: uid on Debian, uid on Alpine. */
  readonly user?: { readonly name: string; readonly debian: number; readonly alpine?: number };
  readonly entrypoint?: readonly string[];
  readonly onAlpine?: boolean;
}

export const serverFamilies: readonly Family[] = [
  nginx(),
  {
    name: 'nginx-unprivileged',
    has: (name) => name === 'nginxinc/nginx-unprivileged' || name === 'ghcr.io/nginxinc/nginx-unprivileged',
    traits: (tag) => ({
      ...nginxTraits(tag),
      // The image states the number, so that Kubernetes can check runAsNonRoot.
      defaultUser: '101',
      exposedPorts: [8080],
    }),
  },
  server({
    name: 'httpd',
    tools: ['httpd'],
    ports: [80],
    user: { name: 'www-data', debian: 33, alpine: 82 },
    onAlpine: true,
  }),
  server({
    name: 'postgres',
    tools: ['pg_isready', 'psql'],
    ports: [5432],
    user: { name: 'postgres', debian: 999, alpine: 70 },
    entrypoint: ['docker-entrypoint.sh'],
    onAlpine: true,
  }),
  server({
    name: 'redis',
    tools: ['redis-cli'],
    ports: [6379],
    user: { name: 'redis', debian: 999, alpine: 999 },
    entrypoint: ['docker-entrypoint.sh'],
    onAlpine: true,
  }),
  {
    name: 'mysql',
    has: (name) => name === 'mysql',
    traits: (tag) =>
      serverTraits(tag, redHat('oraclelinux', undefined, 'microdnf'), {
        tools: ['mysqladmin', 'mysql'],
        ports: [3306, 33060],
        user: { name: 'mysql', uid: 999 },
        entrypoint: ['docker-entrypoint.sh'],
      }),
  },
  {
    name: 'mariadb',
    has: (name) => name === 'mariadb',
    traits(tag) {
      const ubi = tag.tag.words.some((word) => /^ubi\d*$/.test(word));
      const system = ubi ? redHat('ubi', undefined, 'microdnf') : systemOf(tag, () => ubuntu(undefined));
      return serverTraits(tag, system, {
        tools: ['mariadb', 'mariadb-admin', 'healthcheck.sh'],
        ports: [3306],
        user: { name: 'mysql', uid: 999 },
        entrypoint: ['docker-entrypoint.sh'],
      });
    },
  },
  {
    name: 'mongo',
    has: (name) => name === 'mongo',
    traits: (tag) =>
      serverTraits(
        tag,
        systemOf(tag, () => ubuntu(undefined)),
        {
          tools: ['mongosh'],
          ports: [27017],
          user: { name: 'mongodb', uid: 999 },
          entrypoint: ['docker-entrypoint.sh'],
        },
      ),
  },
  {
    name: 'caddy',
    has: (name) => name === 'caddy',
    // There is no Debian variant: `caddy:2` and `caddy:2-alpine` are one image.
    traits: (tag) => ({
      ...serverTraits(tag, alpine(undefined), { tools: ['caddy'], ports: [80, 443, 2019] }),
      variant: tag.tag.words.includes('builder') ? 'builder' : 'alpine',
      isServer: !tag.tag.words.includes('builder'),
      keepsRoot: true,
    }),
  },
  {
    name: 'rabbitmq',
    has: (name) => name === 'rabbitmq',
    traits(tag) {
      const onAlpine = tag.tag.alpine !== undefined;
      const management = tag.tag.words.includes('management');
      return {
        ...serverTraits(tag, onAlpine ? alpine(tag.tag.alpine?.version) : ubuntu(undefined), {
          tools: ['rabbitmq-diagnostics', 'rabbitmqctl'],
          ports: [5672, ...(management ? [15672] : [])],
          entrypoint: ['docker-entrypoint.sh'],
        }),
        variant: [...(management ? ['management'] : []), onAlpine ? 'alpine' : 'full'].join('-'),
      };
    },
    smaller: (tag) =>
      tag.tag.alpine === undefined
        ? variantsOf(tag, [tag.tag.words.includes('management') ? 'management-alpine' : 'alpine'])
        : [],
  },
  {
    name: 'tomcat',
    has: (name) => name === 'tomcat',
    traits: (tag) => ({
      ...serverTraits(tag, tomcatSystem(tag), { tools: ['java', 'catalina.sh'], ports: [8080] }),
      keepsRoot: true,
    }),
  },
  {
    name: 'composer',
    has: (name) => name === 'composer',
    traits: (tag) => ({
      ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
      variant: 'alpine',
      ...withTools(alpine(undefined), ['php', 'composer', 'git', 'bash', 'curl']),
      defaultUser: 'root',
      isServer: false,
    }),
  },
];

/**
 * What Tomcat's images are built on: Eclipse Temurin on Ubuntu, once the image openjdk on Debian, both with curl, whose slim
 * variants have none; Corretto; and Alpine for tags of before 2019 (docker-library/tomcat, read 2026-12-01).
 */
function tomcatSystem(tag: FamilyTag): SystemTraits {
  const { words } = tag.tag;
  if (words.some((word) => /^(?:corretto|al2|al2023)$/.test(word))) {
    return redHat('amazonlinux', undefined, 'yum');
  }
  const system = systemOf(tag, () => ({ libc: 'glibc', hasShell: true, packageManager: 'apt' }));
  return system.libc === 'musl' || words.includes('slim') ? system : withTools(system, ['curl']);
}

function server(image: ServerImage): Family {
  return {
    name: image.name,
    has: (name) => name === image.name || (image.images ?? []).includes(name),
    traits(tag) {
      const onAlpine = tag.tag.alpine !== undefined;
      const uid = onAlpine ? image.user?.alpine : image.user?.debian;
      return serverTraits(tag, systemOf(tag, debian), {
        tools: image.tools,
        ports: image.ports,
        ...(image.user === undefined || uid === undefined ? {} : { user: { name: image.user.name, uid } }),
        ...(image.entrypoint === undefined ? {} : { entrypoint: image.entrypoint }),
      });
    },
    smaller: (tag) =>
      image.onAlpine === true && tag.tag.alpine === undefined ? variantsOf(tag, ['alpine']) : [],
  };
}

function serverTraits(
  tag: FamilyTag,
  system: SystemTraits,
  server: {
    readonly tools: readonly string[];
    readonly ports: readonly number[];
    readonly user?: { readonly name: string; readonly uid: number };
    readonly entrypoint?: readonly string[];
  },
): Omit<ImageTraits, 'family'> {
  const users = [...(server.user === undefined ? [] : [server.user]), ...(systemUsers(system).users ?? [])];
  return {
    ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
    variant: system.libc === 'musl' ? 'alpine' : 'full',
    ...withTools(system, server.tools),
    ...(users.length === 0 ? {} : { users }),
    defaultUser: 'root',
    isServer: true,
    exposedPorts: server.ports,
    ...(server.entrypoint === undefined ? {} : { entrypoint: server.entrypoint }),
  };
}

function nginx(): Family {
  return {
    name: 'nginx',
    has: (name) => name === 'nginx',
    traits: nginxTraits,
    smaller(tag) {
      const line = tag.tag.version ?? tag.tag.words.find((word) => word === 'stable' || word === 'mainline');
      const head = line === undefined ? '' : `${line}-`;
      const { words, alpine: onAlpine } = tag.tag;
      if (words.includes('slim') || words.includes('perl') || words.includes('otel')) {
        return [];
      }
      // The slim variant came with nginx 1.23.
      const slim =
        tag.tag.version === undefined ||
        compareVersions(tag.tag.version, '1.23') >= 0 ||
        tag.tag.version === '1'
          ? [`nginx:${head}alpine-slim`]
          : [];
      return onAlpine === undefined ? [`nginx:${head}alpine`, ...slim] : slim;
    },
  };
}

/**
 * True for images of before 1.17.10, the first that brought curl; all variants have had it since, but for alpine-slim. From the
 * history of nginxinc/docker-nginx, read 2026-11-30.
 */
function isWithoutCurl(version: string | undefined): boolean {
  return version !== undefined && version !== '1' && compareVersions(version, '1.17.10') < 0;
}

function nginxTraits(tag: FamilyTag): Omit<ImageTraits, 'family'> {
  const slim = tag.tag.words.includes('slim');
  const modules = ['perl', 'otel'].find((word) => tag.tag.words.includes(word));
  const system = withTools(systemOf(tag, debian), slim || isWithoutCurl(tag.tag.version) ? [] : ['curl']);
  const base = system.libc === 'musl' ? 'alpine' : 'full';
  return {
    ...serverTraits(tag, system, {
      tools: ['nginx'],
      ports: [80],
      user: { name: 'nginx', uid: 101 },
      entrypoint: ['/docker-entrypoint.sh'],
    }),
    variant: slim ? 'alpine-slim' : modules === undefined ? base : `${base}-${modules}`,
  };
}
