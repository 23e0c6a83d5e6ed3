import { highWaters } from '../../../lib/tides';

export function GET(request: Request) {
  const first = Number(new URL(request.url).searchParams.get('first') ?? '0');
  return Response.json(highWaters(first));
}
