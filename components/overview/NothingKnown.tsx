'use client';

import { Button } from '@/components/ui/Button';
import { instantText } from '@/lib/charts/timeText';
import { useScope } from '@/lib/hooks/useScope';

/** The range holds no moment in which any exporter was heard: said with where data is, and a way there. */
export function NothingKnown(props: { firstData: number | null; lastData: number | null; zone: string }) {
  const { firstData, lastData, zone } = props;
  const { setScope } = useScope();
  return (
    <div className="hatch flex h-[340px] items-center justify-center rounded-[5px] border border-dashed border-line-strong px-4 text-line-strong">
      <div className="max-w-[56ch] rounded-[5px] bg-page px-5 py-4 text-center text-text">
        <p className="font-medium">No flows in this range</p>
        <p className="mt-1 text-muted">
          {firstData === null || lastData === null
            ? 'No expected exporter was heard in this range, so it is unknown and not zero.'
            : `No expected exporter was heard in this range, so it is unknown and not zero. Data runs from ${instantText(firstData, zone)} to ${instantText(lastData, zone)} (${zone}).`}
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
