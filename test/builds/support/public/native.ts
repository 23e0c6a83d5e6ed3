import { fromPublic, type PublicCase } from './case.ts';

/** Public Rust, C and C++ projects. */
export const nativeCases: readonly PublicCase[] = [
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
    },
  ),
  fromPublic(
    'actix-practice',
    'Rust, actix-web',
    {
      repository: 'iPolyomino/actix-practice',
      commit: '443e06780b17fe91998b06b82ec78b37369c7284',
      directory: '',
    },
    {
      port: 8888,
      requests: [
        { path: '/', answer: /<html/ },
        { path: '/hello', answer: /Hello world!/ },
      ],
    },
  ),
  fromPublic(
    'bot-request-handler',
    'Rust, hyper, Tera',
    {
      repository: 'dipankardas011/bot-request-handler-rust',
      commit: '35c6084b05ac20a7adf3ceb7981e9b00876882ad',
      directory: '',
    },
    {
      port: 3000,
      requests: [
        { path: '/', answer: /<html/ },
        { path: '/ping', answer: /Pong!/ },
      ],
    },
  ),
  fromPublic(
    'c-webserver',
    'C, make',
    {
      repository: 'Naquino14/C-Webserver',
      commit: '54ecfca557b017cbd43831f783d8f51d8ea9d4fa',
      directory: '',
    },
    {
      port: 8080,
      requests: [{ path: '/', answer: /Hello, World!/ }],
    },
  ),
];
