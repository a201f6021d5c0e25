'use client';

import { Info } from 'lucide-react';
import { useState } from 'react';
import { Fact, Statements } from '@/components/panel/AboutAnswer';
import { Popover } from '@/components/ui/Popover';
import { formatValue, THIN_SPACE } from '@/lib/charts/format';
import { clockText, rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** An answer that is not about flows of the range, of which no coverage and no watermark tells how complete it is. */
export interface NotOfFlows {
  /** what it is about instead, a sentence without its full stop */
  readonly about: string;
  /** the range applies, by another time than that of flows */
  readonly ranged: boolean;
}

/** When it was asked, and which table answered; the rest one click below. @param at UTC epoch seconds */
export function AsOf({ meta, of, at }: { meta: Meta; of: NotOfFlows; at: number }) {
  const [open, setOpen] = useState(false);
  const { zone } = meta;
  const state = `as of ${clockText(at, zone)}`;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="About this answer"
      align="end"
      className="max-h-[min(380px,var(--available-height))] w-[460px] max-w-full overflow-y-auto p-4"
      triggerLabel={`Data ${state}, answered by ${meta.table}: about this answer`}
      triggerClass="flex h-7 max-w-[320px] sm:max-w-full cursor-pointer items-center gap-1.5 rounded-[5px] px-1.5 text-axis text-muted hover:bg-hover hover:text-text data-popup-open:bg-hover"
      trigger={
        <>
          <span className="tabular whitespace-nowrap">{state}</span>
          <span className="truncate font-mono text-[10px] max-lg:hidden">{meta.table}</span>
          <Info aria-hidden="true" className="size-3.5 shrink-0" />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="text-muted">{of.about}.</p>
        <dl className="tabular grid grid-cols-[92px_1fr] gap-x-3 gap-y-1">
          <Fact name="Table" value={meta.table} />
          <Fact name="Chosen because" value={meta.reason} />
          {of.ranged ? (
            <Fact name="Range" value={`${rangeText(meta.from, meta.to, zone)} (${zone})`} />
          ) : null}
          <Fact
            name="Cost"
            value={`${formatValue(meta.rowsRead, 'count')} rows read in ${Math.max(1, Math.round(meta.elapsedMs))}${THIN_SPACE}ms`}
          />
        </dl>
        <Statements meta={meta} />
      </div>
    </Popover>
  );
}
