import { describe, expect, it } from 'vitest';
import { coverageCalendar } from '@/lib/flows/contracts/coverageCalendar';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { doubleCounting } from '@/lib/flows/contracts/doubleCounting';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { filterValues } from '@/lib/flows/contracts/filterValues';
import { headline } from '@/lib/flows/contracts/headline';
import { importLedger } from '@/lib/flows/contracts/importLedger';
import { lateData } from '@/lib/flows/contracts/lateData';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { rejectedRecords } from '@/lib/flows/contracts/rejectedRecords';
import { storedTables } from '@/lib/flows/contracts/storedTables';
import { trafficMap } from '@/lib/flows/contracts/trafficMap';
import { trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { unclassifiedSources } from '@/lib/flows/contracts/unclassifiedSources';
import { whatChanged } from '@/lib/flows/contracts/whatChanged';
import { questions } from './questions';

describe('questions', () => {
  it('are asked where their contracts say', () => {
    const contracts = {
      dataStatus,
      headline,
      regionTypeHeatmap,
      trafficOverTime,
      exploreOverTime,
      exporterQuality,
      coverageCalendar,
      unclassifiedSources,
      doubleCounting,
      rejectedRecords,
      lateData,
      importLedger,
      trafficMap,
      filterValues,
      exploreGroups,
      whatChanged,
      storedTables,
    };
    expect(Object.keys(questions).sort()).toEqual(Object.keys(contracts).sort());
    for (const [name, contract] of Object.entries(contracts)) {
      expect(questions[name as keyof typeof questions].path).toBe(contract.path);
    }
  });
});
