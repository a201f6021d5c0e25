import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

// `serveRoute.ts MODULE PORT`: the POST of one route module of the app in a process of its own, without the rest of the web build.
const [module = '', port = ''] = process.argv.slice(2);
const { POST } = (await import(pathToFileURL(resolve(module)).href)) as {
  POST: (request: Request) => Promise<Response>;
};

createServer(async (incoming, outgoing) => {
  const gone = new AbortController();
  outgoing.on('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
  const request = new Request(`http://127.0.0.1:${port}${incoming.url ?? '/'}`, {
    method: 'POST',
    headers,
    body: Readable.toWeb(incoming) as ReadableStream,
    duplex: 'half',
    signal: gone.signal,
  } as RequestInit);
  const response = await POST(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
