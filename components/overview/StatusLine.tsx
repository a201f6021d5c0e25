'use client';

import { ChevronDown, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Popover } from '@/components/ui/Popover';
import { agoText, instantText } from '@/lib/charts/timeText';
import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';

/** What a reader must know before trusting the page: one line that never changes its height, all of it one click below. */
export function StatusLine(props: { status: DataStatusRows | undefined; failed: boolean; zone: string }) {
  const { status, zone } = props;
  return (
    <div className="flex h-8 min-w-0 flex-1 items-center justify-end gap-x-4 max-md:basis-full max-md:justify-start">
      {status ? (
        <>
          {status.warnings.length > 0 ? <Warnings status={status} /> : null}
          <Freshness status={status} zone={zone} />
        </>
      ) : props.failed ? (
        <span className="text-muted">How fresh the data is cannot be told right now</span>
      ) : (
        <span className="skeleton h-4 w-64" />
      )}
    </div>
  );
}

function Warnings({ status }: { status: DataStatusRows }) {
  const [open, setOpen] = useState(false);
  const [first] = status.warnings;
  const more = status.warnings.length - 1;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="What to know about this data"
      align="end"
      className="w-[480px] max-w-full p-4"
      triggerLabel={`${status.warnings.length} ${status.warnings.length === 1 ? 'thing' : 'things'} to know about this data: ${first?.message ?? ''}`}
      triggerClass="flex h-7 min-w-0 cursor-pointer items-center gap-1.5 rounded-[5px] bg-warn-soft px-2 hover:bg-hover"
      trigger={
        <>
          <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0 text-warn" />
          {/* On a telephone there is room for their number alone. */}
          <span className="truncate max-sm:hidden">{first?.message}</span>
          {more > 0 ? <span className="shrink-0 font-medium max-sm:hidden">+{more}</span> : null}
          <span className="font-medium sm:hidden">{more + 1}</span>
          <ChevronDown aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
        </>
      }
    >
      <ul className="flex flex-col gap-3">
        {status.warnings.map((warning) => (
          <li key={`${warning.code} ${warning.message}`} className="border-l-2 border-warn pl-3">
            <p className="font-medium">{warning.message}</p>
            <p className="text-muted">{warning.hint}</p>
          </li>
        ))}
        {status.proposedPrefixes.length > 0 ? (
          <li className="border-l-2 border-line-strong pl-3">
            <p className="font-medium">Prefixes that may be yours</p>
            <p className="font-mono text-axis break-words text-muted">
              {status.proposedPrefixes.map((entry) => entry.prefix).join('  ')}
            </p>
          </li>
        ) : null}
      </ul>
    </Popover>
  );
}

function Freshness({ status, zone }: { status: DataStatusRows; zone: string }) {
  if (status.lastData === null) return <span className="text-muted">No data yet</span>;
  const expected = status.exporters.filter((exporter) => exporter.expected);
  const silent = expected.filter((exporter) => exporter.silent).length;
  return (
    <p className="tabular truncate text-muted sm:shrink-0" title={instantText(status.lastData, zone)}>
      Data to {agoText(status.lastData, status.now)}
      {' · '}
      {expected.length - silent} of {expected.length} exporters sending
    </p>
  );
}
