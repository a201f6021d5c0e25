import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long the rest of a document takes to come: a browser paints what it has long before. */
export const PAUSE_MS = 700;

/** A way to a dashboard on which documents come in two halves. */
export interface SlowDocument {
  readonly url: string;
  /** @param cut how many bytes of a document come first */
  cutAt(cut: (html: string) => number): void;
  stop(): Promise<unknown>;
}

/** Passes everything on to a dashboard; of documents the second half comes late. */
export async function slowDocument(target: string): Promise<SlowDocument> {
  let cut = (html: string): number => html.length;
  const server: Server = createServer(async (request, response) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string' && name !== 'accept-encoding' && name !== 'connection')
        headers.set(name, value);
    const answer = await fetch(`${target}${request.url}`, { headers, redirect: 'manual' });
    const body = Buffer.from(await answer.arrayBuffer());
    const type = answer.headers.get('content-type') ?? '';
    // What is to be loaded ahead stands in the head of the answer: the fonts.
    const ahead = answer.headers.get('link');
    response.writeHead(answer.status, {
      'content-type': type,
      'cache-control': answer.headers.get('cache-control') ?? 'no-store',
      ...(ahead === null ? {} : { link: ahead }),
    });
    if (!type.startsWith('text/html')) {
      response.end(body);
      return;
    }
    const at = cut(body.toString('latin1'));
    response.write(body.subarray(0, at));
    setTimeout(() => response.end(body.subarray(at)), PAUSE_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cutAt: (next) => {
      cut = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
