/** A small deterministic generator (mulberry32), so that two runs write the same records. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Lines as goflow2 writes them of flows that just ended: diffuse remote addresses, four exporters, a few long flows.
 * @param nowMs when they are received
 * @param first sequence number of the first
 */
export function liveLines(count: number, nowMs: number, first: number, random: () => number): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const receivedMs = nowMs - Math.floor(random() * 900);
    const endMs = receivedMs - 100 - Math.floor(random() * 800);
    const startMs = endMs - Math.floor(random() ** 4 * 120_000);
    const remote = [1 + Math.floor(random() * 222), ...[0, 0, 0].map(() => Math.floor(random() * 256))].join(
      '.',
    );
    const local = `10.0.${Math.floor(random() * 8)}.${Math.floor(random() * 256)}`;
    const outward = random() < 0.6;
    lines.push(
      JSON.stringify({
        type: 'IPFIX',
        time_received_ns: ns(receivedMs),
        sequence_num: first + i,
        sampling_rate: 1000,
        sampler_address: `10.${1 + Math.floor(random() * 4)}.0.1`,
        time_flow_start_ns: ns(startMs),
        time_flow_end_ns: ns(endMs),
        bytes: 64 + Math.floor(random() ** 6 * 1_000_000),
        packets: 1 + Math.floor(random() ** 6 * 700),
        src_addr: outward ? local : remote,
        dst_addr: outward ? remote : local,
        etype: 'IPv4',
        proto: 'TCP',
        src_port: 1024 + Math.floor(random() * 60_000),
        dst_port: 443,
        in_if: outward ? 10 : 1,
        out_if: outward ? 1 : 10,
      }),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** Nanoseconds as a number has them: JSON of goflow2 carries integers, beyond what a double holds exactly. */
function ns(ms: number): number {
  return ms * 1_000_000;
}
