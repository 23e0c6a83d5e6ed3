import { fromPublic, type PublicCase } from './case.ts';

/** Public Go projects. */
export const goCases: readonly PublicCase[] = [
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
    },
  ),
  fromPublic(
    'go-docker',
    'Go',
    { repository: 'callicoder/go-docker', commit: '86c76a4d1f286a83a822221e2842bfaed21dc788', directory: '' },
    {
      port: 8080,
      requests: [{ path: '/?name=Ada', answer: /Hello, Ada/ }],
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
    },
  ),
  fromPublic(
    'okteto-go',
    'Go',
    {
      repository: 'okteto/go-getting-started',
      commit: 'fa0b28a6a7119caa2d9e340e098d76c3be220b4a',
      directory: '',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello world!/ }],
    },
  ),
  fromPublic(
    'bettercopelk',
    'Go',
    { repository: 'ipmanlk/BettercopeLK', commit: 'ccd568f1b037c9730cbe676fbbd4bcafb78883c1', directory: '' },
    {
      port: 8080,
      requests: [{ path: '/', answer: /<html/ }],
    },
  ),
  fromPublic(
    'gotextsharer',
    'Go',
    {
      repository: 'TJUGERKFER/gotextsharer',
      commit: '6bfdac636a4b95cc92828d0c0be346b1ef09705e',
      directory: '',
    },
    { port: 80, requests: [{ path: '/', answer: /<html/ }] },
  ),
];
