'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Search } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import { Overlay } from '@/components/ui/Overlay';
import type { Scope } from '@/lib/flows/scope';
import { isScopeKey, printScope } from '@/lib/flows/urlState';
import { useFiscalStart } from '@/lib/hooks/useFiscalStart';
import { useDashboardClock } from '@/lib/hooks/usePageClock';
import { usePrefetch } from '@/lib/hooks/usePrefetch';
import { useScope } from '@/lib/hooks/useScope';
import { PAGES } from '../pages';
import { type PaletteEntry, type PaletteGroup, paletteGroups } from './entries';
import { useKnownValues } from './useKnownValues';

const EXPLORE = '/explore';

/** Finds pages, ranges in words, networks and addresses; Enter does what the highlighted line says. */
export function Palette(props: { open: boolean; onOpenChange: (open: boolean) => void; onHelp: () => void }) {
  return (
    <Overlay open={props.open} onOpenChange={props.onOpenChange} title="Find" bare className="max-w-[620px]">
      <Finder onDone={() => props.onOpenChange(false)} onHelp={props.onHelp} />
    </Overlay>
  );
}

function Finder({ onDone, onHelp }: { onDone: () => void; onHelp: () => void }) {
  const { scope, setScope } = useScope();
  const clock = useDashboardClock();
  const fiscalStart = useFiscalStart();
  const prefetch = usePrefetch();
  const router = useRouter();
  const path = usePathname();
  const [text, setText] = useState('');
  const { values, isAsking } = useKnownValues(text, scope);
  const groups = useMemo(
    () =>
      paletteGroups(text, {
        now: clock.at,
        zone: scope.zone,
        fiscalStart,
        pages: PAGES,
        filters: scope.filters,
        values,
      }),
    [text, clock.at, scope, fiscalStart, values],
  );

  const choose = ({ action }: PaletteEntry) => {
    onDone();
    switch (action.does) {
      case 'go':
        return router.push(withScope(action.href, scope));
      case 'range':
        return setScope({ range: action.range });
      case 'narrow': {
        const next = { ...scope, filters: action.filters };
        const hasExplore = PAGES.some(({ href }) => href === EXPLORE);
        if (action.inExplore && hasExplore && path !== EXPLORE) return router.push(withScope(EXPLORE, next));
        return setScope({ filters: action.filters });
      }
      case 'help':
        return onHelp();
    }
  };
  const highlight = (entry: PaletteEntry | undefined) =>
    prefetch(entry?.action.does === 'range' ? { ...scope, range: entry.action.range } : null);

  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={groups}
      value={text}
      onValueChange={setText}
      onItemHighlighted={highlight}
      itemToStringValue={(entry: PaletteEntry) => entry.label}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden="true" className="size-4 shrink-0 text-muted" />
        <Autocomplete.Input
          aria-label="Find a page, range, network or address"
          placeholder="Page, range in words, AS number, country, type, address …"
          spellCheck={false}
          autoComplete="off"
          className="h-12 w-full bg-transparent text-panel outline-none placeholder:text-muted"
        />
      </div>
      <Autocomplete.Empty className="empty:hidden">
        <p className="p-4 text-muted">
          {isAsking
            ? 'Looking among the networks and places that were seen …'
            : 'Nothing is called that. Try a page, a range such as yesterday 14:00 to 18:00, AS13335, Germany, CDN, 192.0.2.0/24 or a filter such as port = 443.'}
        </p>
      </Autocomplete.Empty>
      <Autocomplete.List className="min-h-0 flex-1 overflow-y-auto p-1.5 empty:hidden">
        {(group: PaletteGroup) => (
          <Autocomplete.Group key={group.value} items={group.items} className="mb-1">
            <Autocomplete.GroupLabel className="px-2.5 pt-1.5 pb-1 text-axis text-muted">
              {group.value}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: PaletteEntry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  onClick={() => choose(entry)}
                  className="flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-[5px] px-2.5 py-1 outline-none select-none data-highlighted:bg-accent-soft"
                >
                  <span className="min-w-0 truncate font-medium">{entry.label}</span>
                  <span className="tabular min-w-0 truncate text-right text-axis text-muted">
                    {entry.detail}
                  </span>
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}

/** Another page with a scope; what else the address says of the view goes along. */
function withScope(href: string, scope: Scope): string {
  const search = new URLSearchParams(printScope(scope));
  for (const [key, value] of new URLSearchParams(window.location.search))
    if (!isScopeKey(key)) search.set(key, value);
  const query = search.toString();
  return query === '' ? href : `${href}?${query}`;
}
