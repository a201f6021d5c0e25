/** Where a key was last seen: found only within the window. */
const EMPTY = 0;

/**
 * Keys of the records accepted during the last hour, in an open-addressed table: 16 bytes a slot, no object a key.
 * Each key carries when it came and a tag of the batch that brought it, so that a batch sent again does not find itself.
 *
 * The table is bounded. At the limit (12 million keys: a table of 256 MB, an hour at 3,300 records/s) the oldest half is
 * forgotten, and the window is shorter than an hour from there on; the ledger still recognises whole batches.
 */
export class RecentKeys {
  private readonly windowSeconds: number;
  private readonly limit: number;
  private high: Uint32Array;
  private low: Uint32Array;
  /** Seconds since 1970; 0 = free slot. */
  private at: Uint32Array;
  private tag: Uint32Array;
  private mask: number;
  private used = 0;

  constructor(options: { windowSeconds?: number; limit?: number } = {}) {
    this.windowSeconds = options.windowSeconds ?? 3600;
    this.limit = options.limit ?? 12_000_000;
    this.mask = (1 << 12) - 1;
    this.high = new Uint32Array(this.mask + 1);
    this.low = new Uint32Array(this.mask + 1);
    this.at = new Uint32Array(this.mask + 1);
    this.tag = new Uint32Array(this.mask + 1);
  }

  /** Keys held, expired ones that have not been swept included. */
  get size(): number {
    return this.used;
  }

  /** True when another batch than `tag` brought this key within the window before `now` (seconds since 1970). */
  has(high: number, low: number, now: number, tag: number): boolean {
    const slot = this.find(high, low);
    const at = this.at[slot] ?? EMPTY;
    return at !== EMPTY && at + this.windowSeconds > now && this.tag[slot] !== tag;
  }

  /** Notes a key; a key that is there already gets the newer time and tag. */
  add(high: number, low: number, now: number, tag: number): void {
    if ((this.used + 1) * 10 > (this.mask + 1) * 7) this.makeRoom(now);
    const slot = this.find(high, low);
    if (this.at[slot] === EMPTY) {
      this.used += 1;
      this.high[slot] = high;
      this.low[slot] = low;
    } else if ((this.at[slot] ?? EMPTY) > now) {
      return;
    }
    this.at[slot] = Math.max(1, now);
    this.tag[slot] = tag;
  }

  /**
   * Takes back keys (high and low halves in turn) that a batch brought and that were not stored after all.
   * @param tag of that batch; keys that another one has brought since stay
   */
  forget(keys: Uint32Array, tag: number): void {
    for (let i = 0; i + 1 < keys.length; i += 2) {
      const slot = this.find(keys[i] ?? 0, keys[i + 1] ?? 0);
      // Expired, and not free: a free slot would cut off the keys that lie behind it.
      if (this.at[slot] !== EMPTY && this.tag[slot] === tag) this.at[slot] = 1;
    }
  }

  private find(high: number, low: number): number {
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & this.mask;
    while (this.at[slot] !== EMPTY && (this.low[slot] !== low || this.high[slot] !== high))
      slot = (slot + 1) & this.mask;
    return slot;
  }

  private makeRoom(now: number): void {
    const { at, high, low, tag } = this;
    let oldest = now - this.windowSeconds;
    let live = 0;
    for (const seconds of at) if (seconds > oldest) live += 1;
    if (live >= this.limit) {
      oldest = medianOf(at, oldest);
      live = 0;
      for (const seconds of at) if (seconds > oldest) live += 1;
    }
    let slots = 1 << 12;
    while (live * 2 > slots) slots *= 2;
    this.mask = slots - 1;
    this.at = new Uint32Array(slots);
    this.high = new Uint32Array(slots);
    this.low = new Uint32Array(slots);
    this.tag = new Uint32Array(slots);
    this.used = 0;
    for (let i = 0; i < at.length; i += 1) {
      const seconds = at[i] ?? EMPTY;
      if (seconds === EMPTY || seconds <= oldest) continue;
      const slot = this.find(high[i] ?? 0, low[i] ?? 0);
      this.at[slot] = seconds;
      this.high[slot] = high[i] ?? 0;
      this.low[slot] = low[i] ?? 0;
      this.tag[slot] = tag[i] ?? 0;
      this.used += 1;
    }
  }
}

/** A time that about half of the live entries are not newer than. */
function medianOf(at: Uint32Array, after: number): number {
  const live = at.filter((seconds) => seconds > after).sort();
  return live[live.length >> 1] ?? after;
}
