import { compareVersions } from '../../images/tag.ts';
import { table } from '../../text/table.ts';

/**
 * Packages of PyPI that pip has to compile on Linux for amd64: `always`, or up to the version that first has a wheel.
 * Each was asked of PyPI with `pip download --only-binary :all:` for CPython 3.12 on 2026-11-30.
 */
const sourcePackages: Readonly<Record<string, 'always' | string>> = table({
  'dbus-python': 'always',
  dlib: 'always',
  m2crypto: 'always',
  mysqlclient: 'always',
  netifaces: 'always',
  'psycopg-c': 'always',
  psycopg2: 'always',
  pyaudio: 'always',
  pycairo: 'always',
  pycups: 'always',
  pygobject: 'always',
  pygraphviz: '2.0',
  'python-ldap': 'always',
  'python-snappy': '0.7',
  'rpi.gpio': 'always',
  smbus: 'always',
  spidev: 'always',
  'systemd-python': 'always',
  uwsgi: 'always',
  xmlsec: '1.3.14',
});

/** True for a requirement that is compiled when it is installed: `mysqlclient`, `xmlsec==1.3.13`, `psycopg2[extra]>=2.9`. */
export function comesAsSources(requirement: string): boolean {
  const [start = '', name = ''] = /^\s*["']?([A-Za-z][\w.-]*)/.exec(requirement) ?? [];
  const rest = requirement.slice(start.length);
  const since = sourcePackages[name.toLowerCase().replace(/_/g, '-')];
  if (since === undefined || since === 'always') {
    return since !== undefined;
  }
  // A version that is stated, or one that it has to stay below.
  const [, sign = '', version = ''] = /(===?|~=|<=?)\s*(\d[\w.]*)/.exec(rest) ?? [];
  const difference = version === '' ? 1 : compareVersions(version, since);
  return difference < 0 || (sign === '<' && difference === 0);
}
