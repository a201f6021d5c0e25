import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line to a broker that can be cut: clients see the broker go, and the broker keeps what it has. */
export interface KafkaLine {
  port: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** From now on a connection breaks when a client tells over it how far it has read, before the broker hears of it. */
  loseCommits(lose: boolean): void;
}

/**
 * A broker tells its clients its own address, where they then go. So the line gives them its own port in that place: everywhere
 * that the broker's address is followed by its port.
 */
export async function startKafkaLine(brokerPort: number): Promise<KafkaLine> {
  const open = new Set<Socket>();
  let server: Server;
  let port = 0;
  let losing = false;
  const listen = async (): Promise<void> => {
    server = createServer((client) => {
      const broker = connect(brokerPort, '127.0.0.1');
      for (const [from, to] of [
        [client, broker],
        [broker, client],
      ] as const) {
        open.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          open.delete(from);
          to.destroy();
        });
      }
      client.on('data', (chunk) => {
        if (losing && commits(chunk)) client.destroy();
        else broker.write(chunk);
      });
      broker.on('data', (chunk) => client.write(renamed(Buffer.from(chunk), brokerPort, port)));
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  };
  await listen();
  return {
    port,
    mend: listen,
    loseCommits: (lose) => {
      losing = lose;
    },
    cut: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

const OFFSET_COMMIT = 8;

/** Whether one of these requests says how far the client has read: what a request asks for stands behind its length. */
function commits(requests: Buffer): boolean {
  for (let at = 0; at + 6 <= requests.length; at += 4 + requests.readUInt32BE(at)) {
    if (requests.readInt16BE(at + 4) === OFFSET_COMMIT) return true;
  }
  return false;
}

function addressOf(port: number): Buffer {
  const bytes = Buffer.from('127.0.0.1\0\0\0\0', 'latin1');
  bytes.writeUInt32BE(port, 9);
  return bytes;
}

/** Answers that name the broker are small and come in one piece. */
function renamed(answer: Buffer, from: number, to: number): Buffer {
  const [old, own] = [addressOf(from), addressOf(to)];
  for (let at = answer.indexOf(old); at >= 0; at = answer.indexOf(old, at + old.length)) own.copy(answer, at);
  return answer;
}
