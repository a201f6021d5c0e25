'use client';

import { useQueryStates } from 'nuqs';
import { useCallback, useMemo } from 'react';
import type { Scope } from '@/lib/flows/scope';
import { scopeOf, scopeParsers, type ViewValues, valuesOf, viewParsers } from '@/lib/flows/urlState';

/**
 * The scope in the URL: what every panel asks about. Each change is a step that Back takes back.
 * A key that cannot be read is dropped here (a link with one bad key still opens) and refused by the routes.
 */
export function useScope(): { scope: Scope; setScope: (change: Partial<Scope>) => void } {
  const [values, setValues] = useQueryStates(scopeParsers, { history: 'push', scroll: false });
  const scope = useMemo(() => scopeOf(values), [values]);
  const setScope = useCallback(
    (change: Partial<Scope>) => {
      void setValues(valuesOf({ ...scope, ...change }));
    },
    [scope, setValues],
  );
  return { scope, setScope };
}

export interface View {
  readonly refresh: NonNullable<ViewValues['refresh']>;
  readonly unit: NonNullable<ViewValues['unit']>;
  /** null = nobody chose one */
  readonly scale: ViewValues['scale'];
  readonly share: boolean;
  readonly measure: NonNullable<ViewValues['measure']>;
  readonly hide: readonly string[];
}

const NOTHING_HIDDEN: readonly string[] = [];

/** How the page shows the scope, in the URL too, so that a link shows what its sender saw. */
export function useView(): { view: View; setView: (change: Partial<ViewValues>) => void } {
  const [values, setValues] = useQueryStates(viewParsers, { history: 'push', scroll: false });
  const view = useMemo<View>(
    () => ({
      refresh: values.refresh ?? 'off',
      unit: values.unit ?? 'bits',
      scale: values.scale,
      share: values.share === '1',
      measure: values.measure ?? 'volume',
      hide: values.hide ?? NOTHING_HIDDEN,
    }),
    [values],
  );
  const setView = useCallback(
    (change: Partial<ViewValues>) => {
      void setValues(change);
    },
    [setValues],
  );
  return { view, setView };
}

const REFRESH_MS = { off: false, '10s': 10_000, '30s': 30_000, '60s': 60_000 } as const;

/** Milliseconds between refreshes, or false. */
export function refreshInterval(refresh: View['refresh']): number | false {
  return REFRESH_MS[refresh];
}
