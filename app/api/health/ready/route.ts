import { readiness } from '@/lib/server/readiness';

/** Whether questions can be answered. Open to everybody, so it names what is missing and never where it is. */
export async function GET(): Promise<Response> {
  const { ready, checks } = await readiness();
  return Response.json(
    { status: ready ? 'ready' : 'not ready', checks },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}
