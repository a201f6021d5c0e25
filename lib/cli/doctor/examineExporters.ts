import type { Targets } from '@/lib/server/env';
import { selectRows, withOwner } from '@/lib/server/reference/target';
import { examine, type Finding, ok, warn } from './check';

const LAST_DAY = 65_535;
const DAY = 86_400;

interface Row {
  exporter: string;
  name: string;
  /** days since 1970 */
  retiredDay: number;
  /** epoch seconds; 0 = never */
  received: number;
}

/** Sends, or did, and does not stand in the file; most records first. */
type Unnamed = Pick<Row, 'exporter' | 'received'>;

/** Of more than so many the rest is a number. */
const NAMED_AT_MOST = 3;

/**
 * Exporters against the operators' file: who is configured and does not send, who is retired and sends on, who sends and is not
 * configured. On its day of retirement an exporter is still expected.
 */
export function examineExporters({ clickhouse }: Targets, nowMs = Date.now()): Promise<Finding[]> {
  return examine('Exporters', 'Run npm run migrate, then npm run reference -- load.', () =>
    withOwner(clickhouse, async (client) => {
      const rows = await selectRows<Row>(
        client,
        `SELECT e.exporter AS exporter, e.name AS name, toUInt32(toUInt16(e.retired_on)) AS retiredDay, toUInt32(s.received) AS received
         FROM exporters AS e
         LEFT JOIN (SELECT toString(exporter) AS exporter, toUnixTimestamp(max(last_recv)) AS received FROM coverage_5m GROUP BY exporter) AS s
         ON s.exporter = e.exporter ORDER BY e.exporter`,
      );
      const unnamed = await selectRows<Unnamed>(
        client,
        `SELECT toString(exporter) AS exporter, toUInt32(toUnixTimestamp(max(last_recv))) AS received FROM coverage_5m
         WHERE exporter NOT IN (SELECT exporter FROM exporters) GROUP BY exporter ORDER BY sum(flow_records) DESC, exporter`,
      );
      return findingsOf(rows, unnamed, Math.floor(nowMs / 1000));
    }),
  );
}

function findingsOf(rows: readonly Row[], unnamed: readonly Unnamed[], now: number): Finding[] {
  const isRetired = ({ retiredDay }: Row) => retiredDay < LAST_DAY && (retiredDay + 1) * DAY <= now;
  const sends = ({ received }: Unnamed) => received >= now - DAY;
  const names = (found: readonly Row[]) => found.map(({ name }) => name).join(', ');
  const retired = rows.filter(isRetired);
  const silent = rows.filter((row) => !isRetired(row) && !sends(row));
  // Those that were on their way on the last day are no reason to ask.
  const sendOn = retired.filter(({ retiredDay, received }) => received >= (retiredDay + 2) * DAY);
  const findings: Finding[] = [];
  if (silent.length > 0) {
    findings.push(
      warn(
        'Exporters',
        `nothing came for 24 hours from ${names(silent)}`,
        'Check that they send to the collector, or write `retired: YYYY-MM-DD` under them in the network file.',
      ),
    );
  }
  if (sendOn.length > 0) {
    findings.push(
      warn(
        'Exporters',
        `retired, and still sending: ${names(sendOn)}`,
        'Their records are stored and are in the totals, but nothing tells when they are missing. Take `retired` out of the network file, or stop them.',
      ),
    );
  }
  const unknown = unnamed.filter(sends);
  if (unknown.length > 0) {
    const shown = unknown.slice(0, NAMED_AT_MOST).map(({ exporter }) => exporter);
    const more = unknown.length - shown.length;
    findings.push(
      warn(
        'Exporters',
        `${unknown.length} sent in the last 24 hours and ${unknown.length === 1 ? 'is' : 'are'} not in the network file: ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        'Name them under `exporters:` in the network file, then npm run reference -- load (README.md, "Your own flows").',
      ),
    );
  }
  if (findings.length > 0) return findings;
  if (rows.length === 0) {
    const before =
      unnamed.length === 0 ? '' : `, and nobody sent in the last 24 hours (${unnamed.length} before)`;
    return [ok('Exporters', `none is in the network file yet${before}`)];
  }
  return [
    ok('Exporters', `${rows.length - retired.length} configured and sending, ${retired.length} retired`),
  ];
}
