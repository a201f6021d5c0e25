import type { DemoNetwork } from '../network/demoNetwork';
import type { Lane, Source, Sources } from '../network/sources';
import type { CellCurve } from './curve';
import { bigFlows, type Density, meanSmallFlows } from './density';
import { hash2, hash32, smoothNoise, uniform } from './noise';
import { FIVE_MINUTES, type Piece, type PieceKind } from './pieces';
import { REGIONS } from './regions';
import { transfersBetween } from './transfers';

/** Rows of the plan by columns. Each becomes big + small + copies records of one source within its time. */
export interface PlanRows {
  /** milliseconds since `base` */
  start: number[];
  /** milliseconds */
  duration: number[];
  source: number[];
  /** raw bytes of the row, as sampled: its planned bytes divided by the sampling rate */
  raw: number[];
  /** packets per sampled packet; 0 = unknown */
  rate: number[];
  big: number[];
  small: number[];
  /** 1 = the first record was also seen on the backbone */
  copies: number[];
  /** milliseconds since 1970 */
  base: number;
  /** records that the rows become */
  records: number;
}

export interface PlanContext {
  seed: number;
  network: DemoNetwork;
  sources: Sources;
  curves: readonly CellCurve[];
  density: Density;
}

/** Seconds between the points at which the curve is asked. */
const CURVE_STEP: Record<PieceKind, number> = { thin: 900, dense: FIVE_MINUTES, live: 60 };
/** Least raw bytes of a record. */
const FLOOR_BYTES = 64;
const HOUR = 3600;
const GOLDEN = 0.6180339887498949;
const COPY_EVERY = 40;
/** Backups below this are not worth a record. */
const LEAST_BACKUP_BPS = 30e6;
const INTERNAL_BPS = [2.4e9, 2.1e9, 0.6e9, 1.5e9];
const TRANSIT_BPS = [0.9e9, 0.8e9, 0.2e9, 0.7e9];
const UNKNOWN_RATE_RAW = 900_000;

/** The rows of a piece: pure, and the same whenever asked. */
export function planRows(context: PlanContext, piece: Piece): PlanRows {
  const step = context.density.recordSeconds[piece.kind];
  const rows = new RowCollector(context, piece);
  const begin = piece.from - step;

  for (const [cell, curve] of context.curves.entries()) {
    const volume = volumeOf(curve, begin, piece.to, CURVE_STEP[piece.kind]);
    const lanes = context.sources.lanes[cell] ?? [];
    const shares = rows.laneShares(lanes);
    for (const [index, lane] of lanes.entries()) {
      const share = shares[index];
      if (!share) continue;
      if (piece.kind === 'thin') rows.alternating(lane, share, step, volume);
      else rows.together(lane, share, step, volume);
    }
    const backups = context.sources.backups[cell] ?? [];
    if (backups.length > 0) {
      rows.backups(curve, backups, piece.kind === 'live' ? step : FIVE_MINUTES);
    }
  }
  for (const [index, region] of REGIONS.entries()) {
    rows.aside(context.sources.internal.get(region), step, INTERNAL_BPS[index] ?? 0);
    rows.aside(context.sources.transit.get(region), step, TRANSIT_BPS[index] ?? 0);
  }
  rows.unknownRate(context.sources.unknownRate, step);
  for (const transfer of transfersBetween(context.seed, piece)) {
    const sources = context.sources.transfers.get(transfer.region) ?? [];
    // A transfer faster than any line runs over several at once.
    for (let line = 0; line < transfer.lines; line++) {
      const source = sources[line % Math.max(1, sources.length)];
      if (source === undefined) continue;
      rows.add(
        source,
        transfer.start,
        transfer.end,
        (transfer.bps / transfer.lines / 8) * (transfer.end - transfer.start),
        1,
        0,
      );
    }
  }
  return rows.done();
}

type Volume = (start: number, end: number) => number;
type Share = (seconds: number) => number;

/**
 * Bytes of a curve between two instants, from its values in the middle of each step. Steps count from 1970 and are added up for each row
 * anew, so that a row has the same bytes to the last bit whatever batch it stands in.
 */
function volumeOf(curve: CellCurve, begin: number, end: number, step: number): Volume {
  const first = Math.floor(begin / step);
  const bps = Float64Array.from({ length: Math.ceil(end / step) - first + 1 }, (_, i) =>
    curve.bps((first + i + 0.5) * step),
  );
  return (from, to) => {
    let bits = 0;
    for (let index = Math.floor(from / step); index * step < to; index++) {
      const seconds = Math.min(to, (index + 1) * step) - Math.max(from, index * step);
      bits += (bps[index - first] ?? 0) * seconds;
    }
    return bits / 8;
  };
}

class RowCollector {
  private readonly rows: PlanRows;
  private readonly earliest: number;
  private readonly latest: number;
  private readonly rates = new Map<string, number>();
  private rateDay = -1;

  constructor(
    private readonly context: PlanContext,
    private readonly piece: Piece,
  ) {
    this.earliest = piece.origin;
    this.latest = piece.finish ?? Number.POSITIVE_INFINITY;
    const base =
      Math.max(piece.origin, piece.from - context.density.recordSeconds[piece.kind] - FIVE_MINUTES) * 1000;
    this.rows = {
      start: [],
      duration: [],
      source: [],
      raw: [],
      rate: [],
      big: [],
      small: [],
      copies: [],
      base,
      records: 0,
    };
  }

  done(): PlanRows {
    return this.rows;
  }

  /** One long record a lane at a time; the networks of the lane take turns so that each has its part of every day. */
  alternating(lane: Lane, laneShare: Share, step: number, volume: Volume): void {
    const { seed } = this.context;
    // Lanes change at different moments, so that the sum of long flat records is smooth.
    const phase = hash32(seed, 21, lane.id) % step;
    const turn = hash32(seed, 22, lane.id) / 4_294_967_296;
    this.eachSlot(step, phase, (slot, start, end) => {
      const bytes = volume(start, end) * laneShare((start + end) / 2);
      this.addFlows(pick(lane, (turn + slot * GOLDEN) % 1), start, end, bytes, slot);
    });
  }

  /** One record for each network of the lane in every slot. */
  together(lane: Lane, laneShare: Share, step: number, volume: Volume): void {
    const peerShares = this.shares(
      lane.peers.map((peer) => ({ key: hash32(this.context.seed, 30, peer.source), share: peer.weight })),
      0.14,
    );
    for (const [index, peer] of lane.peers.entries()) {
      const phase = this.piece.kind === 'live' ? (hash32(this.context.seed, 23, peer.source) % 6) * 10 : 0;
      const peerShare = peerShares[index];
      if (!peerShare) continue;
      this.eachSlot(step, phase, (slot, start, end) => {
        const middle = (start + end) / 2;
        this.addFlows(
          peer.source,
          start,
          end,
          volume(start, end) * laneShare(middle) * peerShare(middle),
          slot,
        );
      });
    }
  }

  laneShares(lanes: readonly Lane[]): readonly Share[] {
    return this.shares(
      lanes.map((lane) => ({ key: hash32(this.context.seed, 29, lane.id), share: lane.share })),
      0.07,
    );
  }

  /** Shares that drift over hours and always add up to one; worked out once an hour. */
  private shares(parts: readonly { key: number; share: number }[], amplitude: number): readonly Share[] {
    const first = Math.floor(this.piece.from / HOUR) - 2;
    const hours = Math.ceil(this.piece.to / HOUR) + 2 - first;
    const table = parts.map(() => new Float64Array(hours));
    for (let hour = 0; hour < hours; hour++) {
      const values = parts.map(
        ({ key, share }) => share * (1 + amplitude * smoothNoise(key, (first + hour) * HOUR, 3.7 * HOUR)),
      );
      const total = values.reduce((sum, value) => sum + value, 0);
      for (const [index, column] of table.entries()) column[hour] = (values[index] ?? 0) / total;
    }
    return table.map((column) => (seconds) => {
      const position = seconds / HOUR - first;
      const index = Math.floor(position);
      const before = column[index] ?? 0;
      return before + ((column[index + 1] ?? before) - before) * (position - index);
    });
  }

  backups(curve: CellCurve, sources: readonly number[], step: number): void {
    this.eachSlot(step, 0, (slot, start, end) => {
      const bps = curve.backupBps((start + end) / 2);
      if (bps < LEAST_BACKUP_BPS) return;
      const hour = Math.floor(start / 3600);
      const source = sources[hash32(this.context.seed, 24, hour) % sources.length];
      if (source !== undefined) this.add(source, start, end, (bps / 8) * (end - start), 1 + (slot % 2), 0);
    });
  }

  /** Internal and transit traffic: a little, in short records, since nobody needs its curve in older days. */
  aside(source: number | undefined, step: number, bps: number): void {
    if (source === undefined) return;
    this.eachSlot(step, hash32(this.context.seed, 25, source) % step, (_, start, end) => {
      const until = Math.min(end, start + FIVE_MINUTES);
      const level = 1 + 0.25 * smoothNoise(hash2(this.context.seed, source), start, 7200);
      this.add(source, start, until, ((bps * level) / 8) * (end - start), 1, 1);
    });
  }

  /** Records of a line whose exporter announced no rate: kept, flagged and in no total. */
  unknownRate(source: number, step: number): void {
    this.eachSlot(step, 0, (slot, start, end) => {
      const raw = (UNKNOWN_RATE_RAW * step * (0.5 + uniform(this.context.seed, 26, slot))) / FIVE_MINUTES;
      this.push(source, start, end, Math.round(raw), 0, 1, 1, 0);
    });
  }

  add(source: number, start: number, end: number, bytes: number, big: number, small: number): void {
    const known = this.context.sources.all[source];
    if (!known) return;
    const rate = this.rateOf(known, start);
    const copied =
      known.kind === 'traffic' && hash32(this.context.seed, 27, source, start) % COPY_EVERY === 0 ? 1 : 0;
    this.push(source, start, end, Math.round(bytes / rate), rate, big, small, copied);
  }

  private addFlows(source: number, start: number, end: number, bytes: number, slot: number): void {
    const known = this.context.sources.all[source];
    if (!known || bytes <= 0) return;
    const mean = meanSmallFlows(known, this.piece.kind, this.context.density);
    const small = Math.floor(mean + uniform(this.context.seed, 28, source, slot));
    this.add(source, start, end, bytes, bigFlows(known, this.piece.kind), small);
  }

  private push(
    source: number,
    start: number,
    end: number,
    raw: number,
    rate: number,
    big: number,
    wantedSmall: number,
    copies: number,
  ): void {
    const small = Math.min(wantedSmall, Math.floor(raw / FLOOR_BYTES) - big);
    if (small < 0) return;
    const { rows } = this;
    rows.start.push(start * 1000 - rows.base);
    rows.duration.push((end - start) * 1000);
    rows.source.push(source);
    rows.raw.push(raw);
    rows.rate.push(rate);
    rows.big.push(big);
    rows.small.push(small);
    rows.copies.push(copies);
    rows.records += big + small + copies;
  }

  /** Calls back for each slot of the grid, cut to the segment, that ends within the piece. */
  private eachSlot(
    step: number,
    phase: number,
    use: (slot: number, start: number, end: number) => void,
  ): void {
    const { from, to } = this.piece;
    for (let slot = Math.floor((from - phase) / step) - 1; slot * step + phase < to; slot++) {
      const start = Math.max(this.earliest, slot * step + phase);
      const end = Math.min(this.latest, (slot + 1) * step + phase);
      if (start < end && end > from && end <= to) use(slot, start, end);
    }
  }

  private rateOf(source: Source, seconds: number): number {
    const day = Math.floor(seconds / 86_400);
    if (day !== this.rateDay) {
      this.rates.clear();
      this.rateDay = day;
    }
    let rate = this.rates.get(source.exporter);
    if (rate === undefined) {
      rate = this.context.network.samplingRate(source.exporter, seconds);
      this.rates.set(source.exporter, rate);
    }
    return rate;
  }
}

function pick(lane: Lane, position: number): number {
  let rest = position;
  for (const peer of lane.peers) {
    rest -= peer.weight;
    if (rest < 0) return peer.source;
  }
  return lane.peers[lane.peers.length - 1]?.source ?? 0;
}
