import 'server-only';
import { ReadContext } from '../formats/context';
import type { Decoder } from '../formats/decoder';
import { type Format, FormatError, type FormatOptions } from '../formats/format';
import { goflow2Json, goflow2JsonDecoder } from '../formats/goflow2Json';
import { goflow2Protobuf, goflow2ProtobufDecoder } from '../formats/goflow2Protobuf';
import type { ParsedRecord } from '../record';

interface MessageFormat {
  format: Format;
  decoder: (context: ReadContext) => Decoder;
  /** A message as text, for a person who has to find out what is wrong with it. */
  text: (message: Buffer) => string;
}

const SHOWN_BYTES = 4096;
const formats: Record<string, MessageFormat> = {
  'goflow2-json': {
    format: goflow2Json,
    decoder: goflow2JsonDecoder,
    text: (message) => message.toString('utf8', 0, SHOWN_BYTES),
  },
  'goflow2-protobuf': {
    format: goflow2Protobuf,
    decoder: goflow2ProtobufDecoder,
    text: (message) => message.toString('hex', 0, SHOWN_BYTES / 2),
  },
};

/** The format of that name. @throws FormatError where messages cannot be of it */
export function messageFormat(name: string): Format {
  return known(name).format;
}

/**
 * Reads messages one by one, by the rules of the format. A message is one record, accepted or rejected, whatever it holds, so the records
 * of a partition count as its offsets do.
 */
export class MessageReader {
  private readonly about: MessageFormat;
  private readonly context: ReadContext;
  private decoder: Decoder;

  /** @throws FormatError where messages cannot be of the format */
  constructor(format: string, options: FormatOptions) {
    this.about = known(format);
    this.context = new ReadContext(options, `this topic of ${format}`);
    this.decoder = this.about.decoder(this.context);
  }

  read(message: Buffer): ParsedRecord {
    const found: ParsedRecord[] = [];
    const used = this.decoder.push(message, found);
    const [record] = found;
    if (record !== undefined && found.length === 1 && used === message.length) return record;
    return this.readAlone(message);
  }

  /** Reads it to its end as an input of its own, so that what is broken in it reaches no other message. */
  private readAlone(message: Buffer): ParsedRecord {
    const found: ParsedRecord[] = [];
    const decoder = this.about.decoder(this.context);
    const used = decoder.push(message, found);
    decoder.end(message.subarray(used), found);
    this.decoder = this.about.decoder(this.context);
    const [record] = found;
    if (record !== undefined && found.length === 1) return record;
    const raw = this.about.text(message);
    if (record === undefined) {
      return { ok: false, reason: 'not_a_flow', detail: 'the message holds no flow record', raw };
    }
    const detail = `the message is no single record of ${this.about.format.name}, but ${found.length} records or pieces of some: let goflow2 write to the topic itself, with -format ${this.about.format === goflow2Json ? 'json' : 'bin'}`;
    return { ok: false, reason: 'malformed', detail, raw };
  }
}

function known(name: string): MessageFormat {
  const found = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (found !== undefined) return found;
  throw new FormatError(
    `messages of Kafka cannot be read as "${name}": WEIR_KAFKA_FORMAT takes ${Object.keys(formats).join(', ')}`,
  );
}
