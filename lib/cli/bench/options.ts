import { parseArgs } from 'node:util';
import { parseFlows } from '@/clickhouse/bench/data/identity';

/** What `npm run bench` was asked for. */
export type BenchAsked =
  | { kind: 'help' }
  /** the running dashboard's Overview */
  | { kind: 'overview'; rounds: number }
  | {
      kind: 'flows';
      flows: number;
      rounds: number;
      peers: boolean;
      /** records for each measurement of ingest */
      ingestRecords: number;
      fresh: boolean;
      json: string | null;
      /** an earlier result of fewer flows */
      against: string | null;
    }
  | { kind: 'browser'; rounds: number; fresh: boolean; json: string | null };

/** Above this many flows the peers are filled on demand only. */
const PEERS_UP_TO = 10_000_000;

const OPTIONS = {
  flows: { type: 'string' },
  browser: { type: 'boolean' },
  peers: { type: 'boolean' },
  'without-peers': { type: 'boolean' },
  ingest: { type: 'string' },
  rounds: { type: 'string' },
  json: { type: 'string' },
  against: { type: 'string' },
  fresh: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;
type Name = keyof typeof OPTIONS;

const OF_BROWSER: readonly Name[] = ['browser', 'rounds', 'json', 'fresh', 'help'];
const OF_OVERVIEW: readonly Name[] = ['rounds', 'help'];

/** @throws Error naming the argument and what it takes */
export function readBenchOptions(args: string[]): BenchAsked {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) return { kind: 'help' };
  const given = (Object.keys(values) as Name[]).filter((name) => values[name] !== undefined);
  const refuse = (known: readonly Name[], where: string): void => {
    const wrong = given.find((name) => !known.includes(name));
    if (wrong !== undefined) throw new Error(`--${wrong} is not for ${where}: leave it out`);
  };
  const { fresh = false, json = null, against = null } = values;
  if (values.browser) {
    refuse(OF_BROWSER, 'npm run bench -- --browser');
    return { kind: 'browser', rounds: roundsOf(values.rounds, 10), fresh, json };
  }
  const rounds = roundsOf(values.rounds, 20);
  if (values.flows === undefined) {
    refuse(OF_OVERVIEW, 'npm run bench without --flows');
    return { kind: 'overview', rounds };
  }
  const flows = parseFlows(values.flows);
  return {
    kind: 'flows',
    flows,
    rounds,
    peers: values['without-peers'] !== true && (flows <= PEERS_UP_TO || values.peers === true),
    ingestRecords: Math.min(flows, parseFlows(values.ingest ?? '1M', '--ingest')),
    fresh,
    json,
    against,
  };
}

function roundsOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const rounds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rounds < 1 || rounds > 1_000)
    throw new Error(`--rounds is "${text}": give a number from 1 to 1000, for example --rounds 10`);
  return rounds;
}
