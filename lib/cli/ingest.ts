import { parseArgs } from 'node:util';
import { formats } from '@/lib/server/ingest/formats';
import { IngestError, openIngest } from '@/lib/server/ingest/ingest';
import { checked, type FileImport, ingestFile } from '@/lib/server/ingest/ingestFile';
import type { Input } from '@/lib/server/ingest/openInput';
import { REJECT_REASONS, type RejectReason } from '@/lib/server/ingest/record';
import { addSummary, emptySummary, type IngestSummary, summaryJson } from '@/lib/server/ingest/summary';
import { withTargets } from './engines/withTargets';
import { explainError } from './explainError';

const names = Object.keys(formats);

const usage = `Usage: npm run ingest -- [--format FORMAT] [--zone ZONE] [OPTIONS] FILE… | -

Stores flow records, each exactly once: what has been stored before is recognised, whatever the file is called now.

  --format FORMAT      ${names.slice(0, 6).join(', ')},
                       ${names.slice(6).join(', ')};
                       not named: told from the content, and printed
  --zone ZONE          zone of times that carry none, for example UTC or Europe/Berlin
  --sampling-rate N    rate of records that do not tell theirs (1 = not sampled)
  --batch-size N       records a batch, at most 50,000
  --json               print the summary as one JSON object
  --help               this text

FILE may be gzip; - is standard input. Exit code 0: everything was read. 1: something was not, the message says what.
2: wrong arguments.
`;

interface Options {
  files: string[];
  /** Undefined: each file's content decides. */
  format?: string;
  zone?: string;
  samplingRate?: number;
  batchSize?: number;
  json: boolean;
}

function readOptions(args: string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      zone: { type: 'string' },
      'sampling-rate': { type: 'string' },
      'batch-size': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return 'help';
  if (positionals.length === 0)
    throw new Error('no file was named: pass one or more paths, or - for standard input');
  if (positionals.filter((path) => path === '-').length > 1) throw new Error('- can be named only once');
  const options: Options = { files: positionals, json: values.json ?? false };
  if (values.format !== undefined) options.format = values.format;
  if (values.zone !== undefined) options.zone = zoneOf(values.zone);
  if (values['sampling-rate'] !== undefined) {
    options.samplingRate = wholeNumber('--sampling-rate', values['sampling-rate'], 4_294_967_295);
  }
  if (values['batch-size'] !== undefined) {
    options.batchSize = wholeNumber('--batch-size', values['batch-size'], 50_000);
  }
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

function zoneOf(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
  } catch {
    throw new Error(`--zone is "${text}": give an IANA zone such as UTC, Europe/Berlin or America/New_York`);
  }
  return text;
}

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    say(`${explainError(error)}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = options;
  return withTargets(async (targets) => {
    const ingest = openIngest(targets);
    const total = emptySummary();
    let failed = false;
    try {
      for (const path of wanted.files) failed = !(await importFile(ingest, path, wanted, total)) || failed;
    } finally {
      await ingest.close();
      // An open pipe would keep this process alive after an import that failed.
      if (wanted.files.includes('-')) process.stdin.destroy();
    }
    if (wanted.json) process.stdout.write(`${summaryJson(total)}\n`);
    else process.stdout.write(`${summaryText(total)}\n`);
    if (total.accepted + total.duplicates === 0 && !failed) {
      say('Nothing could be read: no record was accepted.');
      failed = true;
    }
    return failed ? 1 : 0;
  });
}

/** Stores one file and adds it to the total. @returns whether everything in it was read */
async function importFile(
  ingest: ReturnType<typeof openIngest>,
  path: string,
  options: Options,
  total: IngestSummary,
): Promise<boolean> {
  const file: FileImport = {
    path,
    onProgress: showProgress,
    onWarning: (text) => say(`${path}: ${text}`),
    onGuess: (text) => say(`${path} ${text}`),
    ...(options.format === undefined ? {} : { format: options.format }),
    ...(options.zone === undefined ? {} : { zone: options.zone }),
    ...(options.samplingRate === undefined ? {} : { samplingRate: options.samplingRate }),
    ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
  };
  try {
    const { summary, problem } = await ingestFile(ingest, file);
    addSummary(total, summary);
    clearProgress();
    if (problem !== null) say(problem);
    else if (summary.records === 0) say(`${path}: there is no record in it`);
    return problem === null;
  } catch (error) {
    clearProgress();
    if (error instanceof IngestError) addSummary(total, error.summary);
    say(`${path}: ${explainError(error)}`);
    return false;
  }
}

let shownAt = 0;

function showProgress(soFar: IngestSummary, input: Input): void {
  if (!process.stderr.isTTY || Date.now() - shownAt < 200) return;
  shownAt = Date.now();
  const share = input.totalBytes ? `${Math.floor((100 * input.bytesRead()) / input.totalBytes)} % · ` : '';
  const rate = Math.round(soFar.records / Math.max(0.001, soFar.seconds));
  const line = `  … ${input.name}: ${share}${number(soFar.records)} records, ${number(rate)} a second`;
  process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
}

function summaryText(summary: IngestSummary): string {
  const rate = Math.round(summary.records / Math.max(0.001, summary.seconds));
  const lines = [
    `${number(summary.records)} records in ${summary.seconds.toFixed(1)} s (${number(rate)} a second)`,
    `  accepted    ${number(summary.accepted)}, of which flagged ${number(summary.flagged)}`,
    `  duplicates  ${number(summary.duplicates)}`,
    `  rejected    ${number(summary.rejected)}`,
  ];
  for (const [reason, count] of Object.entries(summary.rejectedBy) as [RejectReason, number][]) {
    lines.push(`    ${number(count)} ${reason}: ${REJECT_REASONS[reason]}`);
  }
  if (summary.rejected > 0) {
    lines.push(
      '    See them: npm run sql -- "SELECT reason, detail, record FROM flows_rejected ORDER BY rejected_at DESC LIMIT 10"',
    );
  }
  lines.push(`  bytes       ${number(summary.bytes)}`, `  packets     ${number(summary.packets)}`);
  if (summary.doubtfulBatches > 0) {
    lines.push(
      `  ${number(summary.doubtfulBatches)} batches begun before were compared with what is stored, and completed`,
    );
  }
  return lines.join('\n');
}

function number(value: number | bigint): string {
  return value.toLocaleString('en-GB');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    say(explainError(error));
    process.exitCode = 1;
  },
);
