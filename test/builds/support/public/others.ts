import { fromPublic, type PublicCase } from './case.ts';

/** Public other projects. */
export const othersCases: readonly PublicCase[] = [
  fromPublic(
    'okteto-java-maven',
    'Java, Maven, Spring Boot',
    {
      repository: 'okteto/java-maven-getting-started',
      commit: '15a3b1826bd489992c2075d406141db06e9c13eb',
      directory: '',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello world!/ }],
    },
  ),
  fromPublic(
    'knative-hello-php',
    'PHP, Apache',
    {
      repository: 'knative/docs',
      commit: 'de125bfad88b6f8f5ff037866a5436d64051898f',
      directory: 'code-samples/serving/hello-world/helloworld-php',
    },
    {
      port: 8080,
      environment: { PORT: '8080' },
      requests: [{ path: '/', answer: /Hello World!/ }],
    },
  ),
  fromPublic(
    'cicd-nginx',
    'Static site, nginx',
    { repository: 'g-sck/cicd-test', commit: '79a6c9da70cfe537972bfaaa25ba900d875c6bfe', directory: '' },
    {
      port: 80,
      requests: [{ path: '/', answer: /<html/i }],
    },
  ),
];
