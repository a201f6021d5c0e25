'use client';

import { ChevronLeft, ChevronRight, ZoomOut } from 'lucide-react';
import { useState } from 'react';
import { useShortcuts } from '@/components/shell/useShortcuts';
import { Button } from '@/components/ui/Button';
import { Segmented } from '@/components/ui/Segmented';
import { SLOT_SECONDS } from '@/lib/flows/presets';
import { type RangeChoice, resolveRange } from '@/lib/flows/scope';
import { useDashboardClock } from '@/lib/hooks/usePageClock';
import { usePrefetch } from '@/lib/hooks/usePrefetch';
import { useScope, useView, type View } from '@/lib/hooks/useScope';
import { CompareMenu } from './CompareMenu';
import { FilterField } from './FilterField';
import { FilterPills } from './FilterPills';
import { RangePicker } from './RangePicker';
import { RefreshControl } from './RefreshControl';
import { stepChoice, zoomOut } from './stepScope';
import { UnreadLink } from './UnreadLink';
import { ZonePicker } from './ZonePicker';

const DIRECTIONS = [
  { value: 'both', label: 'Both', title: 'Ingress and egress, added up' },
  { value: 'ingress', label: 'Ingress', title: 'From remote networks to ours' },
  { value: 'egress', label: 'Egress', title: 'From our network to remote ones' },
] as const;

const UNITS = [
  { value: 'bits', label: 'bits', title: 'Show bits and bits per second' },
  { value: 'bytes', label: 'bytes', title: 'Show bytes and bytes per second' },
] as const;

/** What every panel of the page is about, always in sight: range, zone, direction, filters, refresh. */
export function ScopeBar() {
  const { scope, setScope } = useScope();
  const { view, setView } = useView();
  const clock = useDashboardClock();
  const now = clock.at;
  const range = resolveRange(scope, now);
  const prefetch = usePrefetch();
  const [rangeOpen, setRangeOpen] = useState(false);
  const choose = (choice: RangeChoice | null) => {
    if (choice !== null) setScope({ range: choice });
  };
  const consider = (choice: RangeChoice | null) =>
    prefetch(choice === null ? null : { ...scope, range: choice });
  const earlier = stepChoice(range, -1, scope.zone);
  const later = range.to + SLOT_SECONDS > now ? null : stepChoice(range, 1, scope.zone);
  const wider = zoomOut(scope.range, range, now);
  const setRefresh = (refresh: View['refresh']) => setView({ refresh: refresh === 'off' ? null : refresh });
  useShortcuts({
    earlier: () => choose(earlier),
    later: () => choose(later),
    'zoom-out': () => choose(wider),
    range: () => setRangeOpen(true),
    refresh: clock.refresh,
    live: () => setRefresh(view.refresh === 'off' ? '10s' : 'off'),
    filter: () => document.getElementById('filter-text')?.focus(),
  });
  const asked = (choice: RangeChoice | null) => ({
    disabled: choice === null,
    onClick: () => choose(choice),
    onPointerEnter: () => consider(choice),
    onPointerLeave: () => consider(null),
  });
  return (
    <section
      aria-label="Scope"
      className="no-print sticky top-0 z-30 border-b border-line bg-page/95 backdrop-blur-[2px]"
    >
      <div className="mx-auto flex w-full max-w-[1680px] flex-wrap items-center gap-x-1.5 gap-y-2 px-3 py-2 sm:px-6">
        <div className="flex min-w-0 max-sm:w-full">
          <Button
            aria-label="One range earlier"
            title="One range earlier ["
            className="rounded-r-none! px-1.5! max-sm:h-10"
            {...asked(earlier)}
          >
            <ChevronLeft aria-hidden="true" className="size-4" />
          </Button>
          <RangePicker
            choice={scope.range}
            range={range}
            zone={scope.zone}
            now={now}
            open={rangeOpen}
            onOpenChange={setRangeOpen}
            onChoose={choose}
            onConsider={consider}
          />
          <Button
            aria-label="One range later"
            title="One range later ]"
            className="-mr-px rounded-none! px-1.5! max-sm:h-10"
            {...asked(later)}
          >
            <ChevronRight aria-hidden="true" className="size-4" />
          </Button>
          <Button
            aria-label="Zoom out"
            title="Zoom out: twice the range -"
            className="rounded-l-none! px-1.5! max-sm:h-10"
            {...asked(wider)}
          >
            <ZoomOut aria-hidden="true" className="size-4" />
          </Button>
        </div>
        <CompareMenu
          compare={scope.compare}
          range={range}
          zone={scope.zone}
          now={now}
          onChoose={(compare) => setScope({ compare })}
        />
        <ZonePicker zone={scope.zone} now={now} onChoose={(zone) => setScope({ zone })} />
        <Segmented
          label="Direction"
          value={scope.direction}
          options={DIRECTIONS}
          onChange={(direction) => setScope({ direction })}
        />
        <FilterField scope={scope} onApply={(filters) => setScope({ filters })} />
        {/* A row of their own, so that the rest keeps its place; on a telephone it scrolls sideways. */}
        <div className="order-last flex w-full flex-wrap gap-2 empty:hidden max-sm:flex-nowrap max-sm:overflow-x-auto">
          <FilterPills scope={scope} onChange={(filters) => setScope({ filters })} />
        </div>
        <div className="ml-auto flex items-center gap-2">
          <Segmented
            label="Unit"
            value={view.unit}
            options={UNITS}
            onChange={(unit) => setView({ unit: unit === 'bits' ? null : unit })}
          />
          <RefreshControl refresh={view.refresh} onRefresh={clock.refresh} onChange={setRefresh} />
        </div>
        <div className="w-full empty:hidden">
          <UnreadLink />
        </div>
      </div>
    </section>
  );
}
