'use client';

import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { buttonClass } from '@/components/ui/Button';
import { Popover } from '@/components/ui/Popover';

// Changed by few, and not with the first dashboard.
const ZoneList = lazy(() => import('./ZoneList').then(({ ZoneList }) => ({ default: ZoneList })));

/** The zone that buckets and labels are in. */
export function ZonePicker(props: { zone: string; now: number; onChoose: (zone: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="Time zone"
      triggerLabel={`Time zone: ${props.zone}`}
      triggerClass={buttonClass}
      className="w-[300px]"
      trigger={
        <>
          <span className="max-w-[150px] truncate">{props.zone.replaceAll('_', ' ')}</span>
          <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
        </>
      }
    >
      <Suspense fallback={<div className="h-[345px]" />}>
        <ZoneList
          {...props}
          onChoose={(zone) => {
            setOpen(false);
            props.onChoose(zone);
          }}
        />
      </Suspense>
    </Popover>
  );
}
