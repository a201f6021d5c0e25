'use client';

import { useCallback } from 'react';
import type { ExploreLine, SeriesModel } from '@/lib/charts/prepareSeries';
import type { ExploreState } from '@/lib/flows/exploreState';
import { onlyGroup, withoutGroup } from '@/lib/flows/seriesFilter';
import { useScope } from '@/lib/hooks/useScope';
import type { Actions } from './GroupActions';

/** What can be done with a group of an answer: as a filter of the scope, and in the picture. */
export function useGroupActions(
  model: SeriesModel | null,
  hidden: ReadonlySet<string>,
  setState: (change: Partial<ExploreState>) => void,
): {
  toggle: (key: string, only: boolean) => void;
  actionsOf: (line: ExploreLine) => Actions;
} {
  const { scope, setScope } = useScope();
  const toggle = useCallback(
    (key: string, only: boolean) => {
      const keys = [...new Set(model?.halves.flatMap(({ series }) => series.map((line) => line.key)) ?? [])];
      const next = only ? onlyThis(keys, key, hidden) : toggled(hidden, key);
      setState({ hidden: [...next] });
    },
    [model, hidden, setState],
  );
  const actionsOf = useCallback(
    (line: ExploreLine): Actions => {
      const by = model?.by ?? [];
      const { keys } = line;
      const isNamed = keys !== null && by.length > 0;
      return {
        only: isNamed ? () => setScope({ filters: onlyGroup(scope.filters, by, keys) }) : null,
        exclude: isNamed ? () => setScope({ filters: withoutGroup(scope.filters, by, keys) }) : null,
        toggle: by.length > 0 ? () => toggle(line.key, false) : null,
        alone: by.length > 0 ? () => toggle(line.key, true) : null,
        isHidden: hidden.has(line.key),
      };
    },
    [model, scope.filters, setScope, toggle, hidden],
  );
  return { toggle, actionsOf };
}

function toggled(before: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(before);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** Only this one; a second time, all again. */
function onlyThis(keys: readonly string[], key: string, before: ReadonlySet<string>): ReadonlySet<string> {
  const others = keys.filter((other) => other !== key);
  const isAlone = !before.has(key) && others.every((other) => before.has(other));
  return new Set(isAlone ? [] : others);
}
