import 'server-only';
import type { ParsedRecord } from '../record';
import { canonicalize, type Reading } from './canonical';
import { ReadContext } from './context';
import { type Decoder, formatOf } from './decoder';
import { FIELD, FieldSpans } from './fields';
import { FlowTimes } from './flowTimes';
import { FormatError, type FormatOptions } from './format';
import { FLOW_TYPES, GOFLOW2_FIELDS, goflow2Profile } from './goflow2Profile';
import { detectMessages, messageAt, nextMessage } from './protobufMessages';
import { LENGTH_DELIMITED, VARINT, WireReader } from './protobufWire';
import { RecordText } from './recordText';
import { TimeReader } from './text/time';

/** Kept of bytes that are no message. */
const SHOWN_BYTES = 512;

/** What a field is, by its number; all are below 128. */
const byNumber: ({ key: string; field: number } | undefined)[] = [];
for (const [number, key, field] of GOFLOW2_FIELDS) byNumber[number] = { key, field: FIELD[field] };
const isAddress = (field: number): boolean => field === 6 || field === 7 || field === 11;

/**
 * Messages one after the other, each with its length before it (a varint), and perhaps a line break after it: goflow2's file
 * transport adds one by default. Where the lengths stop making sense, bytes are skipped up to the next message that does.
 */
class Messages implements Decoder {
  private readonly reading: Reading;
  private readonly text: RecordText;

  constructor(
    private readonly context: ReadContext,
    private readonly separated: boolean,
  ) {
    const spans = new FieldSpans();
    this.text = new RecordText(spans);
    this.reading = {
      spans,
      clock: new TimeReader({ clock: context.clock }),
      times: new FlowTimes(),
      profile: goflow2Profile('goflow2-protobuf'),
      context,
    };
  }

  push(buffer: Buffer, out: ParsedRecord[]): number {
    return this.readAll(buffer, out, false);
  }

  end(buffer: Buffer, out: ParsedRecord[]): void {
    this.readAll(buffer, out, true);
  }

  private readAll(b: Buffer, out: ParsedRecord[], isEnd: boolean): number {
    let p = 0;
    while (p < b.length) {
      const framed = messageAt(b, p, this.separated, isEnd);
      if (framed === 'cut' && !isEnd) return p;
      if (framed !== null && framed !== 'cut') {
        const record = this.record(b, framed.start, framed.end);
        if (record !== null) {
          out.push(record);
          p = framed.after;
          continue;
        }
      }
      // A wrong length must not take the messages after it along.
      const to = nextMessage(b, p, this.separated, isEnd);
      if (to < 0) return p;
      const raw = b.toString('hex', p, Math.min(to, p + SHOWN_BYTES));
      if (framed === 'cut' && to === b.length) {
        out.push({
          ok: false,
          reason: 'truncated',
          detail: 'the input ends in the middle of this message',
          raw,
        });
      } else {
        const detail = `${to - p} bytes that are no message with its length before it`;
        out.push({ ok: false, reason: 'malformed', detail, raw });
      }
      p = to;
    }
    return b.length;
  }

  /** @returns null where the message is broken */
  private record(b: Buffer, start: number, end: number): ParsedRecord | null {
    const { text } = this;
    const { spans } = this.reading;
    const wire = new WireReader(b, start, end);
    text.begin();
    while (wire.next()) {
      const known = byNumber[wire.field];
      if (known === undefined) continue;
      if (wire.type === VARINT) {
        if (wire.field === 1)
          text.text(known.field, known.key, FLOW_TYPES[Number(wire.value)] ?? String(wire.value));
        else text.number(known.field, known.key, wire.value);
      } else if (wire.type === LENGTH_DELIMITED && isAddress(wire.field)) {
        if (wire.to > wire.from) text.address(known.field, known.key, b, wire.from, wire.to);
      }
    }
    if (wire.broken) return null;
    // Protobuf leaves out what is 0.
    for (const [key, field] of ZEROES) if (!spans.has(field)) text.number(field, key, 0);
    const record = canonicalize(this.reading, text.end());
    if (record.ok) this.context.accepted = true;
    return record;
  }
}

const ZEROES = [
  ['bytes', FIELD.bytes],
  ['packets', FIELD.packets],
] as const;

/** Reads messages of goflow2, each with its length before it and nothing in between, as its Kafka transport writes them. */
export function goflow2ProtobufDecoder(context: ReadContext): Decoder {
  return new Messages(context, false);
}

const recipe = {
  name: 'goflow2-protobuf',
  prepare: (options: FormatOptions) => new ReadContext(options, 'this goflow2 protobuf'),
  decoder: (head: Buffer, context: ReadContext): Decoder => {
    const found = detectMessages(head);
    if (found === null) {
      throw new FormatError(
        'this input does not begin with messages of goflow2, each with its length before it: check --format, or write the file with goflow2 -format bin',
      );
    }
    return new Messages(context, found.separated);
  },
};

/** `goflow2 -format bin`: flowpb.FlowMessage, each with its length before it. */
export const goflow2Protobuf = formatOf(recipe, { version: 1, needsZone: false, scaledAtSource: false });
