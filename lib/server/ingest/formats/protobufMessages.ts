import 'server-only';
import { LENGTH_DELIMITED, VARINT, WireReader } from './protobufWire';

const NEWLINE = 10;
/** Messages are about 100 to 300 bytes long; one that says less or more than this was not looked at from its beginning. */
const SHORTEST = 8;
const LONGEST = 65_536;

/** Where a message stands, and where the next one begins. */
export interface Framed {
  start: number;
  end: number;
  after: number;
}

/** The message that begins at `p` with its length; 'cut' where more bytes are needed to tell, null where there is none. */
export function messageAt(b: Buffer, p: number, separated: boolean, isEnd: boolean): Framed | 'cut' | null {
  let length = 0;
  let at = p;
  for (let shift = 0; ; shift += 7) {
    if (at >= b.length) return 'cut';
    const byte = b[at++] as number;
    length += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
    if (shift >= 21) return null;
  }
  if (length < SHORTEST || length > LONGEST) return null;
  const end = at + length;
  const after = separated ? end + 1 : end;
  // A file may end without the last line break.
  if (end > b.length || (separated && end === b.length && !isEnd)) return 'cut';
  if (separated && end < b.length && b[end] !== NEWLINE) return null;
  return { start: at, end, after };
}

/** The next place from which valid messages follow; -1: not in this buffer. */
export function nextMessage(b: Buffer, from: number, separated: boolean, isEnd: boolean): number {
  for (let p = from + 1; p < b.length; p++) {
    if (p - from >= LONGEST) return p;
    const framed = messageAt(b, p, separated, isEnd);
    if (framed === null) continue;
    if (framed === 'cut') {
      if (!isEnd) return -1;
      continue;
    }
    if (isFlowMessage(b, framed.start, framed.end)) return p;
  }
  return isEnd ? b.length : -1;
}

/** Does it read as a flow message: valid to its end, with both addresses or a time? */
function isFlowMessage(b: Buffer, start: number, end: number): boolean {
  const wire = new WireReader(b, start, end);
  let signs = 0;
  while (wire.next()) {
    if ((wire.field === 6 || wire.field === 7) && wire.type === LENGTH_DELIMITED) {
      const length = wire.to - wire.from;
      if (length !== 0 && length !== 4 && length !== 16) return false;
      signs++;
    }
    if (wire.field >= 110 && wire.field <= 112 && wire.type === VARINT) signs++;
  }
  return !wire.broken && signs >= 2;
}

/** Messages that are looked at to tell the format. */
const JUDGED = 3;

/**
 * Is this the beginning of such a file?
 * @param mayBeAll the head may be the whole input: then it may have fewer messages than are looked at otherwise
 * @returns whether line breaks stand between the messages; null where it is none
 */
export function detectMessages(head: Buffer, mayBeAll = true): { separated: boolean } | null {
  for (const separated of [true, false]) {
    let p = 0;
    let seen = 0;
    while (p < head.length && seen < JUDGED) {
      const framed = messageAt(head, p, separated, mayBeAll);
      if (framed === null || framed === 'cut' || !isFlowMessage(head, framed.start, framed.end)) break;
      seen++;
      p = framed.after;
    }
    if (seen >= JUDGED || (mayBeAll && seen > 0 && p >= head.length)) return { separated };
  }
  return null;
}
