'use client';

import { Info } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Popover } from '@/components/ui/Popover';
import { clockText, dayText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

// Read by few, and not with the first dashboard.
const AboutAnswer = lazy(() => import('./AboutAnswer').then(({ AboutAnswer }) => ({ default: AboutAnswer })));

/** Beyond this the newest data is late enough to be marked. */
const LATE_SECONDS = 1_800;

/** That addresses are of whole hours is said where they are shown, and that a day has 23 hours is no fault of the answer. */
const HARMLESS: ReadonlySet<string> = new Set(['uniques_widened', 'clock_change']);

/** Which table answered and how far its data is complete; everything else the answer says of itself one click below. */
export function AnsweredBy({ meta }: { meta: Meta }) {
  const [open, setOpen] = useState(false);
  const { watermark, zone } = meta;
  const cut = watermark !== null && meta.to - watermark > LATE_SECONDS;
  const noData = isWithoutData(meta);
  const freshness =
    watermark === null
      ? 'nothing has arrived'
      : noData
        ? 'no data in this range'
        : watermark >= meta.to
          ? 'complete'
          : `complete to ${meta.to - watermark > 20 * 3600 ? `${dayText(watermark, zone)}, ` : ''}${clockText(watermark, zone)}`;
  const told = meta.notes.filter(({ code }) => !HARMLESS.has(code)).length + (meta.widened === null ? 0 : 1);
  const warned = cut || told > 0;
  const dot = noData
    ? { color: 'border border-muted', words: 'No expected exporter was heard in this range' }
    : warned
      ? { color: 'bg-warn', words: 'There is something to know about this answer' }
      : { color: 'bg-rise', words: 'Nothing is missing, up to where it is complete' };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="About this answer"
      align="end"
      className="max-h-[min(380px,var(--available-height))] w-[460px] max-w-full overflow-y-auto p-4"
      triggerLabel={`Data ${freshness}, answered by ${meta.table}: about this answer`}
      triggerClass="flex h-7 max-w-full cursor-pointer items-center gap-1.5 rounded-[5px] px-1.5 text-axis text-muted hover:bg-hover hover:text-text data-popup-open:bg-hover"
      trigger={
        <>
          <span
            aria-hidden="true"
            title={dot.words}
            className={`block size-1.5 shrink-0 rounded-full ${dot.color}`}
          />
          <span className="tabular whitespace-nowrap">{freshness}</span>
          {told > 0 ? (
            <span className="whitespace-nowrap text-warn">{told === 1 ? '1 note' : `${told} notes`}</span>
          ) : null}
          <span className="truncate font-mono text-[10px] max-lg:hidden">{meta.table}</span>
          <Info aria-hidden="true" className="size-3.5 shrink-0" />
        </>
      }
    >
      <Suspense fallback={<div className="h-48" />}>
        <AboutAnswer meta={meta} dot={dot} />
      </Suspense>
    </Popover>
  );
}

/** Nobody was listening in any of it: unknown, and neither complete nor zero. */
export function isWithoutData({ coverage, watermark, from }: Meta): boolean {
  return (coverage === null || coverage === 0) && (watermark === null || watermark > from);
}
