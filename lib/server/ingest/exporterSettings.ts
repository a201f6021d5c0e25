import 'server-only';
import type { ClickHouseClient } from '@clickhouse/client';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { select } from './connect';
import type { FlowRecord } from './record';

const DEFAULT_ACTIVE_TIMEOUT_SECONDS = 1800;
const MAX_COUNTER = 2n ** 63n - 1n;

/** What operators say about exporters, as far as reading records needs it. */
export interface ExporterSettings {
  /** Seconds; 1,800 where nothing is configured. */
  activeTimeoutSeconds(exporter: string): number;
  /**
   * Gives a record of unknown sampling rate the rate configured for its exporter at its start.
   * False: the scaled counters would exceed 2^63 - 1, the record must be rejected.
   */
  applyRate(record: FlowRecord): boolean;
}

interface Period {
  fromMs: number;
  toMs: number;
  rate: number;
}

/** Reads the exporters and their sampling rates from the reference tables. */
export async function loadExporterSettings(
  client: ClickHouseClient,
  database: string,
): Promise<ExporterSettings> {
  const exporters = await select<{ exporter: string; active_timeout: number }>(
    client,
    `SELECT exporter, active_timeout FROM ${database}.exporters`,
  );
  const rates = await select<{ exporter: string; from: string; to: string; sampling_rate: number }>(
    client,
    `SELECT exporter, toString(valid_from) AS from, toString(valid_to) AS to, sampling_rate FROM ${database}.exporter_sampling`,
  );
  return exporterSettings(
    new Map(exporters.map((row) => [row.exporter, row.active_timeout])),
    rates.map((row) => ({
      exporter: row.exporter,
      fromMs: Date.parse(row.from),
      toMs: Date.parse(row.to) + 86_400_000,
      rate: row.sampling_rate,
    })),
  );
}

/** Settings from plain values; the end of a rate's period is exclusive, in milliseconds. */
export function exporterSettings(
  timeouts: ReadonlyMap<string, number>,
  rates: readonly { exporter: string; fromMs: number; toMs: number; rate: number }[],
): ExporterSettings {
  const periods = new Map<string, Period[]>();
  for (const { exporter, ...period } of rates) {
    periods.set(exporter, [...(periods.get(exporter) ?? []), period]);
  }
  return {
    activeTimeoutSeconds: (exporter) => timeouts.get(exporter) || DEFAULT_ACTIVE_TIMEOUT_SECONDS,
    applyRate(record) {
      if (record.samplingRate !== 0) return true;
      const period = periods
        .get(record.exporter)
        ?.find(({ fromMs, toMs }) => record.tsStartMs >= fromMs && record.tsStartMs < toMs);
      if (period === undefined || period.rate === 0) return true;
      const rate = BigInt(period.rate);
      if (BigInt(record.bytesRaw) * rate > MAX_COUNTER || BigInt(record.packetsRaw) * rate > MAX_COUNTER)
        return false;
      record.samplingRate = period.rate;
      record.qualityFlags &= ~QUALITY_FLAGS.unknownSamplingRate;
      return true;
    },
  };
}
