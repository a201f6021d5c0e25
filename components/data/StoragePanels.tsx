'use client';

import { useMemo } from 'react';
import { formatValue } from '@/lib/charts/format';
import { prepareReferences, prepareTables } from '@/lib/charts/prepareStored';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { DataPanel } from './DataPanel';
import { ModelTable } from './ModelTable';

const STORED = { about: 'What is stored now, whatever the range', ranged: false };

const linkClass = 'text-accent underline hover:no-underline';

/** How long each table keeps its rows and what it takes; what enrichment works with, and whose it is. */
export function StoragePanels(props: { scope: Scope; now: number }) {
  const { scope, now } = props;
  const query = useQuestion(questions.storedTables, scope);
  const rows = query.data?.rows;
  const tables = useMemo(() => (rows ? prepareTables(rows) : null), [rows]);
  const references = useMemo(
    () => (rows ? prepareReferences(rows, now, scope.zone) : null),
    [rows, now, scope.zone],
  );
  return (
    <>
      <DataPanel
        id="retention"
        title="What is kept, and for how long?"
        subtitle={`Tables on disk · whatever the range${rows ? ` · ${formatValue(Number(rows.bytes), 'B')} in all` : ''} · set by WEIR_RETENTION`}
        query={query}
        height="min-h-[355px]"
        notOfFlows={STORED}
        files={[{ name: 'tables', label: 'tables', model: tables }]}
      >
        {() => (tables ? <ModelTable model={tables} caption="Tables: retention and size" rows={12} /> : null)}
      </DataPanel>
      <DataPanel
        id="versions"
        title="What does enrichment work with?"
        subtitle="Versions of the tables that give records their region, type, ASN and place"
        query={query}
        height="min-h-[203px] max-sm:min-h-[263px]"
        notOfFlows={STORED}
        files={[{ name: 'versions', label: 'versions', model: references }]}
      >
        {() => (
          <>
            {references ? (
              <ModelTable model={references} caption="Versions of what enrichment looks up" rows={4} />
            ) : null}
            <p className="mt-2 max-w-[90ch] text-muted">
              IP to ASN:{' '}
              <a className={linkClass} href="https://github.com/sapics/ip-location-db">
                ip-location-db
              </a>{' '}
              (ASN table),{' '}
              <a className={linkClass} href="https://creativecommons.org/licenses/by/4.0/">
                CC BY 4.0
              </a>
              .{' '}
              <a className={linkClass} href="https://db-ip.com">
                IP Geolocation by DB-IP
              </a>
              ,{' '}
              <a className={linkClass} href="https://creativecommons.org/licenses/by/4.0/">
                CC BY 4.0
              </a>
              . Changed here: merged to prefixes, countries and the nearest of our metros.
            </p>
          </>
        )}
      </DataPanel>
    </>
  );
}
