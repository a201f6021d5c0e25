import 'server-only';
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { z } from 'zod';
import type { Statement } from '@/lib/flows/contracts/envelope';
import { reader } from './client';
import { explainFailure, isNetworkError } from './failure';
import { share } from './inFlight';
import { type CompiledSql, compile, type Sql } from './sql';
import { noteQuery, type UnderWay } from './underWay';

/** Who asks what. Every statement that ran is added to `statements`, which go back with the answer. */
export interface QueryContext {
  question: string;
  requestId: string;
  /** aborted when nobody waits for the answer any more; then the query is cancelled on the server */
  signal: AbortSignal;
  statements: Statement[];
  limits?: Limits;
  /** the request that is answered, where it has a name under which its progress can be asked for */
  underWay?: UnderWay;
}

export interface Limits {
  /** seconds on the server; the reader account accepts up to 300 */
  seconds?: number;
  /** rows read from tables */
  rows?: number;
}

const DEFAULT_SECONDS = 20;

/** Waits before asking again after a network error; an embedded engine that crashed is back within a second or two. */
const RETRY_AFTER_MS = [100, 400, 1_000];

export function queryContext(question: string, requestId: string, signal: AbortSignal): QueryContext {
  // Every statement of the question listens; Node.js warns of a leak from the eleventh on.
  setMaxListeners(0, signal);
  return { question, requestId, signal, statements: [] };
}

/**
 * The one seam to ClickHouse: runs a SELECT as the read-only account, with limits, a query id and a comment that says who asked.
 * Rows are checked against the schema; 64-bit and wider integers arrive as decimal strings. Equal statements in flight are run once.
 * @throws AppError timeout, too_expensive, unavailable, cancelled or internal
 */
export async function execute<Row>(
  context: QueryContext,
  statement: Sql,
  row: z.ZodType<Row>,
): Promise<Row[]> {
  const compiled = compile(statement);
  const settings = settingsOf(context);
  const { target } = reader();
  const { underWay } = context;
  const key = JSON.stringify([target.url, target.reader.user, compiled, context.limits ?? null]);
  try {
    underWay?.waitsFor.add(key);
    const answer = await share(key, context.signal, (signal) =>
      run(compiled, settings, signal, key, underWay?.tag),
    );
    context.statements.push({ ...answer.statement });
    if (underWay !== undefined) {
      underWay.ended += 1;
      underWay.rowsRead += answer.statement.rowsRead;
    }
    return answer.data.map((value) => row.parse(value));
  } catch (error) {
    throw explainFailure(error, context.signal.aborted);
  } finally {
    underWay?.waitsFor.delete(key);
  }
}

function settingsOf({ question, requestId, limits }: QueryContext): ClickHouseSettings {
  return {
    max_execution_time: limits?.seconds ?? DEFAULT_SECONDS,
    ...(limits?.rows === undefined ? {} : { max_rows_to_read: String(limits.rows) }),
    log_comment: JSON.stringify({ app: 'weir', question, requestId }),
    output_format_json_quote_64bit_integers: 1,
    cancel_http_readonly_queries_on_client_close: 1,
    // The answer waits for the end of the query: errors keep their status, and rows read are complete.
    wait_end_of_query: 1,
  };
}

interface Ran {
  data: unknown[];
  statement: Statement;
}

async function run(
  compiled: CompiledSql,
  settings: ClickHouseSettings,
  signal: AbortSignal,
  key: string,
  tag: string | undefined,
): Promise<Ran> {
  const started = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    const queryId = tag === undefined ? randomUUID() : `${tag}-${randomUUID()}`;
    const ended = noteQuery(key, queryId);
    try {
      const result = await reader().client.query({
        query: compiled.query,
        query_params: compiled.parameters,
        query_id: queryId,
        format: 'JSONEachRow',
        clickhouse_settings: settings,
        abort_signal: signal,
      });
      const data = await result.json<unknown>();
      const rowsRead = Number(summaryOf(result.response_headers).read_rows ?? 0);
      return {
        data,
        statement: {
          queryId,
          sql: compiled.query,
          parameters: Object.fromEntries(
            Object.entries(compiled.parameters).map(([name, value]) => [name, printedValue(value)]),
          ),
          rowsRead,
          elapsedMs: performance.now() - started,
        },
      };
    } catch (error) {
      const wait = RETRY_AFTER_MS[attempt];
      if (wait === undefined || signal.aborted || !isNetworkError(error)) throw error;
      await sleep(wait, undefined, { signal });
    } finally {
      ended();
    }
  }
}

function summaryOf(headers: Record<string, string | string[] | undefined>): { read_rows?: string } {
  const header = headers['x-clickhouse-summary'];
  try {
    return typeof header === 'string' ? JSON.parse(header) : {};
  } catch {
    return {};
  }
}

/** Long lists are cut: the statement is for people to read. */
function printedValue(value: string | number | readonly (string | number)[]): string {
  if (!Array.isArray(value)) return String(value);
  const shown = value.slice(0, 20).join(', ');
  return value.length > 20 ? `[${shown}, … ${value.length} in all]` : `[${shown}]`;
}
