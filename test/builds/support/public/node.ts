import { fromPublic, type PublicCase } from './case.ts';

/** Public Node.js projects. */
export const nodeCases: readonly PublicCase[] = [
  fromPublic(
    'dapr-node-app',
    'Node, npm',
    {
      repository: 'dapr/quickstarts',
      commit: '56eb3ae3a4cc1783f2d65a6525deb51065fe0151',
      directory: 'tutorials/hello-kubernetes/node',
    },
    { port: 3000, requests: [{ path: '/ports', answer: /3500/ }] },
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
    },
  ),
  fromPublic(
    'dapr-calculator-node',
    'Node, npm',
    {
      repository: 'dapr/quickstarts',
      commit: '56eb3ae3a4cc1783f2d65a6525deb51065fe0151',
      directory: 'tutorials/distributed-calculator/node',
    },
    {
      port: 4000,
      requests: [
        { path: '/divide', method: 'POST', body: '{"operandOne":"6","operandTwo":"4"}', answer: /^1\.5$/ },
      ],
    },
  ),
  fromPublic(
    'okteto-node',
    'Node, npm',
    {
      repository: 'okteto/node-getting-started',
      commit: 'c5c00ee990673e928086eb9565c430226b2e54aa',
      directory: '',
    },
    {
      port: 3000,
      requests: [{ path: '/', answer: /Hello world!/ }],
    },
  ),
  fromPublic(
    'cloud-run-hello-nodejs',
    'Node, npm',
    {
      repository: 'GoogleCloudPlatform/nodejs-docs-samples',
      commit: '0f9be64252359b71dc60c7a0b468f5540f5c3e5f',
      directory: 'run/helloworld',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello World!/ }],
    },
  ),
  fromPublic(
    'gemiverse',
    'Node, npm, SvelteKit',
    { repository: 'spilikin/gemiverse', commit: 'da0934874802c9a98f190b801674d92fb7c1ba24', directory: '' },
    {
      port: 3000,
      requests: [{ path: '/', answer: /gematik Universe/, varies: true }],
    },
  ),
  fromPublic(
    'vue-simulator',
    'Static site, Vue CLI, yarn 1',
    { repository: 'bedeoan/simulator', commit: 'c5ce0f9c4d4110f8cc12277276a212cd0d265fbe', directory: '' },
    { port: 3000, requests: [{ path: '/', answer: /<div id="?app/ }] },
  ),
  fromPublic(
    'dapr-node-subscriber',
    'Node, npm',
    {
      repository: 'dapr/quickstarts',
      commit: '56eb3ae3a4cc1783f2d65a6525deb51065fe0151',
      directory: 'tutorials/pub-sub/node-subscriber',
    },
    { port: 3000, requests: [{ path: '/dapr/subscribe', answer: /topic/ }] },
  ),
];
