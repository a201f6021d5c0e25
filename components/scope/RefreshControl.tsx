'use client';

import { useIsFetching } from '@tanstack/react-query';
import { ChevronDown, RefreshCw } from 'lucide-react';
import { buttonClass } from '@/components/ui/Button';
import { cx } from '@/components/ui/cx';
import { Menu, MenuChoice } from '@/components/ui/Menu';
import type { View } from '@/lib/hooks/useScope';

const CHOICES = [
  { value: 'off', label: 'Off' },
  { value: '10s', label: 'Every 10 seconds' },
  { value: '30s', label: 'Every 30 seconds' },
  { value: '60s', label: 'Every minute' },
] as const;

/** Ask again now, or by itself. */
export function RefreshControl(props: {
  refresh: View['refresh'];
  onRefresh: () => void;
  onChange: (refresh: View['refresh']) => void;
}) {
  const busy = useIsFetching({ queryKey: ['flows'] }) > 0;
  const live = props.refresh !== 'off';
  return (
    <div className="flex">
      <button
        type="button"
        onClick={props.onRefresh}
        aria-label="Refresh now"
        title="Refresh now"
        className={cx(buttonClass, 'rounded-r-none! px-2')}
      >
        <RefreshCw
          aria-hidden="true"
          className={cx('size-3.5', busy && 'animate-spin motion-reduce:animate-none')}
        />
      </button>
      <Menu
        triggerLabel={live ? `Live, every ${props.refresh}` : 'Live refresh is off'}
        triggerClass={cx(buttonClass, '-ml-px rounded-l-none! px-2')}
        trigger={
          <>
            <span
              aria-hidden="true"
              className={cx('block size-1.5 rounded-full', live ? 'bg-rise' : 'border border-muted')}
            />
            <span className={live ? 'font-medium' : 'text-muted'}>{live ? props.refresh : 'Live'}</span>
            <ChevronDown aria-hidden="true" className="size-3.5 text-muted" />
          </>
        }
      >
        <MenuChoice label="Live refresh" value={props.refresh} options={CHOICES} onChange={props.onChange} />
      </Menu>
    </div>
  );
}
