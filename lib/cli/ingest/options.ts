import { parseArgs } from 'node:util';
import { CUT_LIMITS } from '@/lib/server/ingest/cutBatches';
import { formats } from '@/lib/server/ingest/formats';
import { checked, NFCAPD } from '@/lib/server/ingest/ingestFile';

const names = [...Object.keys(formats), NFCAPD];

export const usage = `Usage: npm run ingest -- [--format FORMAT] [--zone ZONE] [OPTIONS] FILE… | -
       npm run ingest -- --format FORMAT --zone ZONE --follow [OPTIONS] PATH…
       npm run ingest -- --kafka [--follow]

Stores flow records, each exactly once: what has been stored before is recognised, whatever the file is called now.

  --format FORMAT      ${names.slice(0, 6).join(', ')},
                       ${names.slice(6).join(', ')};
                       not named: told from the content, and printed
  --zone ZONE          zone of times that carry none, for example UTC or Europe/Berlin
  --sampling-rate N    rate of records that do not tell theirs (1 = not sampled)
  --batch-size N       records a batch, at most ${CUT_LIMITS.records.toLocaleString('en-US')}
  --follow             go on until stopped: PATH is a file that grows line by line, or a folder in which files appear
  --pattern NAME       with --follow: which files of a folder, for example 'nfcapd.*' (default: all but hidden and unfinished ones)
  --settle SECONDS     with --follow: a file of a folder is complete when it has not changed for so long (default 2)
  --flush SECONDS      with --follow: a record waits so long for others before it is sent (default 2)
  --kafka              store the messages that ClickHouse has read from Kafka (WEIR_KAFKA_BROKERS); npm start does so by itself
  --json               print the summary as one JSON object
  --help               this text

FILE may be gzip; - is standard input. ${NFCAPD} reads the files of nfcapd through an installed nfdump. Exit code 0: every file
was read to its end; records that cannot be right are rejected, counted in the summary and kept with their reason. 1: a file was not
read to its end, or no record of it could be accepted; the message says why. 2: wrong arguments.
`;

export interface Options {
  files: string[];
  /** Undefined: each file's content decides; never with `follow`. */
  format?: string;
  zone?: string;
  samplingRate?: number;
  batchSize?: number;
  json: boolean;
  follow: boolean;
  /** Messages of Kafka instead of files. */
  kafka: boolean;
  pattern?: string;
  settleMs?: number;
  flushMs?: number;
}

/** @throws Error naming the argument that is wrong and what it takes */
export function readIngestOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      zone: { type: 'string' },
      'sampling-rate': { type: 'string' },
      'batch-size': { type: 'string' },
      follow: { type: 'boolean' },
      pattern: { type: 'string' },
      settle: { type: 'string' },
      flush: { type: 'string' },
      kafka: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  if (values.kafka) {
    const other = Object.keys(values).find((name) => !['kafka', 'follow', 'json'].includes(name));
    if (other !== undefined || positionals.length > 0) {
      throw new Error(
        `--kafka goes with --follow and --json only, not with ${other === undefined ? positionals[0] : `--${other}`}: the format of the messages is WEIR_KAFKA_FORMAT of npm run migrate`,
      );
    }
    return { files: [], json: values.json ?? false, follow: values.follow ?? false, kafka: true };
  }
  if (values.format === undefined && values.follow) {
    throw new Error(`--format is missing: with --follow, pass one of ${names.join(', ')}`);
  }
  if (positionals.length === 0)
    throw new Error('no file was named: pass one or more paths, or - for standard input');
  if (positionals.filter((path) => path === '-').length > 1) throw new Error('- can be named only once');
  const follow = values.follow ?? false;
  if (follow && positionals.includes('-')) {
    throw new Error('--follow is for files and folders; standard input is read until it ends without it');
  }
  for (const name of ['pattern', 'settle', 'flush'] as const) {
    if (!follow && values[name] !== undefined) throw new Error(`--${name} goes with --follow`);
  }
  const options: Options = { files: positionals, json: values.json ?? false, follow, kafka: false };
  if (values.format !== undefined) options.format = values.format;
  if (values.zone !== undefined) options.zone = zoneOf(values.zone);
  if (values['sampling-rate'] !== undefined) {
    options.samplingRate = wholeNumber('--sampling-rate', values['sampling-rate'], 4_294_967_295);
  }
  if (values['batch-size'] !== undefined) {
    options.batchSize = wholeNumber('--batch-size', values['batch-size'], CUT_LIMITS.records);
  }
  if (values.pattern !== undefined) options.pattern = values.pattern;
  if (values.settle !== undefined) options.settleMs = seconds('--settle', values.settle);
  if (values.flush !== undefined) options.flushMs = seconds('--flush', values.flush);
  if (options.format !== undefined) checked({ ...options, format: options.format });
  return options;
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw new Error(`${name} is "${text}": give a whole number from 1 to ${most.toLocaleString('en-GB')}`);
  }
  return value;
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > 3600) {
    throw new Error(`${name} is "${text}": give seconds from 0 to 3600, for example ${name} 2`);
  }
  return value * 1000;
}

function zoneOf(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    throw new Error(`--zone is "${text}": give an IANA zone such as UTC, Europe/Berlin or America/New_York`);
  }
  return text;
}
