import 'server-only';
import type { DataStatusRows, ExporterStatus, StatusWarning } from '@/lib/flows/contracts/dataStatus';
import { printed } from '@/lib/flows/plan';

/** `31 %`; below one percent `< 1 %`. */
function percent(share: number): string {
  return share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`;
}

/** Of more than so many the rest is a number. */
const NAMED_AT_MOST = 3;

/**
 * Who sent flows of the range without standing in the operators' file, most records first; none as long as all of them are expected all
 * the same (a first import).
 */
function unnamedSenders(exporters: readonly ExporterStatus[]): ExporterStatus[] {
  const unnamed = exporters.filter(({ configured, flowRecords }) => !configured && flowRecords !== '0');
  if (unnamed.every(({ expected }) => expected)) return [];
  return unnamed.sort((a, b) => Number(BigInt(b.flowRecords) - BigInt(a.flowRecords)));
}

/** What a person should mend, in words: each names the thing, and what to do. */
export function warningsOf(status: Omit<DataStatusRows, 'warnings'>): StatusWarning[] {
  const warnings: StatusWarning[] = [];
  if (status.proposedPrefixes.length > 0) {
    const prefixes = status.proposedPrefixes.map(({ prefix }) => prefix).join(', ');
    warnings.push({
      code: 'mostly_transit',
      message: `${percent(status.transitShare)} of the bytes neither begin nor end at your own prefixes, so they are in no total.`,
      hint: `Configure your own prefixes in the network file. The most transit bytes begin or end at ${prefixes}.`,
    });
  }
  const unnamed = unnamedSenders(status.exporters);
  if (unnamed.length > 0) {
    const named = unnamed.slice(0, NAMED_AT_MOST).map(({ exporter }) => exporter);
    const more = unnamed.length - named.length;
    warnings.push({
      code: 'unnamed',
      message: `${unnamed.length} ${unnamed.length === 1 ? 'exporter that is' : 'exporters that are'} not in network.yaml sent flows: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
      hint: 'They count in the volume, while coverage and means go by the exporters that are named: name them under exporters in the network file.',
    });
  }
  for (const exporter of status.exporters) {
    if (exporter.unknownRateShare > 0) {
      warnings.push({
        code: 'unknown_rate',
        message: `${percent(exporter.unknownRateShare)} of records from ${exporter.name} have no sampling rate: they are left out of scaled totals.`,
        hint: `Set sampling_rate for ${exporter.exporter} in the network file.`,
      });
    }
    if (!exporter.expected) continue;
    if (exporter.lastReceived === null) {
      warnings.push({
        code: 'never_seen',
        message: `No flows from ${exporter.name}, ever.`,
        hint: `Check that ${exporter.exporter} sends to the collector, or retire it in the network file.`,
      });
    } else if (exporter.silent) {
      warnings.push({
        code: 'silent',
        message: `No flows from ${exporter.name} since ${printed(exporter.lastReceived)}.`,
        hint: `Check that ${exporter.exporter} still sends, or retire it in the network file.`,
      });
    }
  }
  if (!status.geoReady && !status.empty) {
    warnings.push({
      code: 'geo_not_ready',
      message: 'The table of countries and metros is not loaded yet.',
      hint: 'Nothing to do: it loads in the background, and records that came before it are mended.',
    });
  }
  return warnings;
}
