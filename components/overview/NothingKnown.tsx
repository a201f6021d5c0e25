'use client';

import { Button } from '@/components/ui/Button';
import { instantText } from '@/lib/charts/timeText';
import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import { useScope } from '@/lib/hooks/useScope';

/** What is known of the data elsewhere; undefined = not answered yet. */
export type KnownOfData = Pick<DataStatusRows, 'firstData' | 'lastData' | 'warnings'> | undefined;

/**
 * The range holds no moment in which any expected exporter was heard: said with who else sent flows in it, if anybody did, where data is, and
 * a way there.
 */
export function NothingKnown({ status, zone }: { status: KnownOfData; zone: string }) {
  const { setScope } = useScope();
  const { firstData = null, lastData = null, warnings = [] } = status ?? {};
  const others = warnings.find(({ code }) => code === 'unnamed');
  return (
    <div className="hatch flex h-[340px] items-center justify-center rounded-[5px] border border-dashed border-line-strong px-4 text-line-strong">
      <div className="max-w-[56ch] rounded-[5px] bg-page px-5 py-4 text-center text-text">
        <p className="font-medium">{others ? 'Nobody expected' : 'No flows'} in this range</p>
        <p className="mt-1 text-muted">
          No expected exporter was heard in this range, so it is unknown and not zero.
          {others ? ` ${others.message} ${others.hint}` : ''}
          {firstData === null || lastData === null
            ? ''
            : ` Data runs from ${instantText(firstData, zone)} to ${instantText(lastData, zone)} (${zone}).`}
        </p>
        {firstData === null || lastData === null ? null : (
          <Button
            className="mt-3"
            onClick={() =>
              setScope({
                range: { kind: 'absolute', from: Math.max(firstData, lastData - 86_400), to: lastData },
              })
            }
          >
            Show the last day of data
          </Button>
        )}
      </div>
    </div>
  );
}
