import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { isWeirAt } from './server';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(html: string): Promise<number> {
  const server = createServer((_, answer) => answer.end(html));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return (server.address() as AddressInfo).port;
}

it('a taken port is told apart: Weir itself, or another program', async () => {
  expect(await isWeirAt(await serve('<html><title>Sign in · Weir</title></html>'))).toBe(true);
  expect(await isWeirAt(await serve('<html><title>Grafana</title>Weir</html>'))).toBe(false);
  const closed = await serve('');
  servers.pop()?.close();
  expect(await isWeirAt(closed)).toBe(false);
});
