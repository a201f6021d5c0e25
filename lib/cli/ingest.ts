import { IngestError, openIngest } from '@/lib/server/ingest/ingest';
import { type FileImport, ingestFile } from '@/lib/server/ingest/ingestFile';
import type { Input } from '@/lib/server/ingest/openInput';
import { addSummary, emptySummary, type IngestSummary, summaryJson } from '@/lib/server/ingest/summary';
import { withTargets } from './engines/withTargets';
import { explainError } from './explainError';
import { followPaths } from './ingest/followPaths';
import { drainKafka } from './ingest/kafka';
import { type Options, readIngestOptions, usage } from './ingest/options';
import { clearStatus, say, showStatus } from './ingest/statusLine';
import { number, summaryText } from './ingest/summaryText';

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readIngestOptions(process.argv.slice(2));
  } catch (error) {
    // The reason last, where it stays on the screen.
    say(`${usage}\n${explainError(error)}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(usage);
    return 0;
  }
  const wanted = options;
  if (wanted.kafka) {
    return withTargets(
      async (targets) => {
        const { total, ok } = await drainKafka(targets, wanted.follow);
        print(total, wanted);
        return ok ? 0 : 1;
      },
      { stopsByItself: true },
    );
  }
  if (wanted.follow) {
    return withTargets(
      async (targets) => {
        const { total, ok } = await followPaths(targets, wanted);
        print(total, wanted);
        return ok ? 0 : 1;
      },
      { stopsByItself: true },
    );
  }
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
    // Where nothing was read the reason has been said; a table of zeros would hide it.
    if (wanted.json || !failed || total.records > 0) print(total, wanted);
    if (total.accepted + total.duplicates === 0 && !failed) {
      say('Nothing could be read: no record was accepted.');
      failed = true;
    }
    return failed ? 1 : 0;
  });
}

function print(total: IngestSummary, { json }: Options): void {
  process.stdout.write(`${json ? summaryJson(total) : summaryText(total)}\n`);
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
    clearStatus();
    if (problem !== null) say(problem);
    else if (summary.records === 0) say(`${path}: there is no record in it`);
    return problem === null;
  } catch (error) {
    if (error instanceof IngestError) addSummary(total, error.summary);
    const why = explainError(error);
    say(why.includes(path) ? why : `${path}: ${why}`);
    return false;
  }
}

function showProgress(soFar: IngestSummary, input: Input): void {
  const share =
    input.totalBytes && !input.isNfcapd
      ? `${Math.floor((100 * input.bytesRead()) / input.totalBytes)} % · `
      : '';
  const rate = Math.round(soFar.records / Math.max(0.001, soFar.seconds));
  showStatus(`  … ${input.name}: ${share}${number(soFar.records)} records, ${number(rate)} a second`);
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
