import { Elysia } from 'elysia';
import { isPalindrome } from './palindrome';

const app = new Elysia()
  .get('/health', () => 'ok')
  .get('/check', ({ query }) => ({ palindrome: isPalindrome(query['text'] ?? '') }))
  .listen(Number(process.env.PORT ?? 3000));

process.on('SIGTERM', () => app.stop());
