import { writeFile } from 'node:fs/promises';

/** What a capture has in it, counted while it is written. */
export interface CaptureTotals {
  flows: number;
  packets: number;
  /** From the IP header on, as NetFlow counts. */
  bytes: number;
}

const START_SECONDS = Date.UTC(2026, 10, 22, 9) / 1000;
const ETHERNET = 1;

/**
 * Writes a pcap file of UDP flows, each between addresses and ports of its own, one to seven packets long, within five minutes from
 * 2026-11-22 09:00 UTC on.
 */
export async function writePacketCapture(path: string, flows: number): Promise<CaptureTotals> {
  const packets: { ms: number; frame: Buffer }[] = [];
  for (let flow = 0; flow < flows; flow += 1) {
    for (let n = 0; n <= flow % 7; n += 1) {
      packets.push({
        ms: ((flow * 700) % 240_000) + n * 500,
        frame: udpFrame(flow, Buffer.alloc(20 + ((flow * 37 + n * 11) % 1200))),
      });
    }
  }
  packets.sort((a, b) => a.ms - b.ms);
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(ETHERNET, 20);
  const parts: Buffer[] = [head];
  for (const { ms, frame } of packets) {
    const header = Buffer.alloc(16);
    header.writeUInt32LE(START_SECONDS + Math.floor(ms / 1000), 0);
    header.writeUInt32LE((ms % 1000) * 1000, 4);
    header.writeUInt32LE(frame.length, 8);
    header.writeUInt32LE(frame.length, 12);
    parts.push(header, frame);
  }
  await writeFile(path, Buffer.concat(parts));
  return {
    flows,
    packets: packets.length,
    bytes: packets.reduce((sum, { frame }) => sum + frame.length - 14, 0),
  };
}

/** Ethernet, IPv4, UDP. Checksums are left out, which exporters do not look at. */
function udpFrame(flow: number, payload: Buffer): Buffer {
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(0x0800, 12);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(28 + payload.length, 2);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(17, 9);
  ip.set([10, 0, flow >> 8, flow & 255], 12);
  ip.set([198, 51, 100, 9], 16);
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(1024 + flow, 0);
  udp.writeUInt16BE(53, 2);
  udp.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([ethernet, ip, udp, payload]);
}
