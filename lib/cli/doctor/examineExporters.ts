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

/**
 * Exporters against the operators' file: who is configured and does not send, who is retired and sends on. On its day of retirement an
 * exporter is still expected.
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
      return findingsOf(rows, Math.floor(nowMs / 1000));
    }),
  );
}

function findingsOf(rows: readonly Row[], now: number): Finding[] {
  const isRetired = ({ retiredDay }: Row) => retiredDay < LAST_DAY && (retiredDay + 1) * DAY <= now;
  const sends = ({ received }: Row) => received >= now - DAY;
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
  if (findings.length > 0) return findings;
  return [
    ok('Exporters', `${rows.length - retired.length} configured and sending, ${retired.length} retired`),
  ];
}
