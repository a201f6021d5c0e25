'use client';

import { useMemo } from 'react';
import { calendarTable, prepareCalendar } from '@/lib/charts/prepareCalendar';
import { rangeText } from '@/lib/charts/timeText';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';
import { CalendarLegend, CoverageCalendar } from './CoverageCalendar';
import { DataPanel, NothingToShow } from './DataPanel';
import { ModelTable } from './ModelTable';

/** When each exporter was heard. */
export function CoveragePanel({ scope }: { scope: Scope }) {
  const { setScope } = useScope();
  const query = useQuestion(questions.coverageCalendar, scope);
  const rows = query.data?.rows;
  const model = useMemo(() => (rows ? prepareCalendar(rows, scope.zone) : null), [rows, scope.zone]);
  const table = useMemo(() => (model ? calendarTable(model, scope.zone) : null), [model, scope.zone]);
  const meta = query.data?.meta;
  return (
    <DataPanel
      id="coverage"
      title="When was each exporter heard?"
      subtitle={
        <span className="block max-sm:min-h-12">
          Coverage · covered / expected five-minute slots · %
          {meta
            ? ` · ${meta.bucket ?? ''} · ${rangeText(meta.from, meta.to, scope.zone)} (${scope.zone})`
            : ''}
        </span>
      }
      query={query}
      height="min-h-[346px] sm:min-h-[306px]"
      files={[{ name: 'coverage', label: 'coverage', model: table }]}
    >
      {() =>
        model === null || table === null || model.rows.length < 2 ? (
          <NothingToShow>No exporter is expected yet: configure one, or import flows.</NothingToShow>
        ) : (
          <>
            <CoverageCalendar
              model={model}
              caption="Coverage by day and exporter. Choose a day to narrow the range to it."
              onDay={(from, to) => setScope({ range: { kind: 'absolute', from, to } })}
            />
            <CalendarLegend />
            <details className="mt-1 text-axis">
              <summary className="w-fit cursor-pointer text-muted hover:text-text">As a table</summary>
              <div className="mt-1 max-w-[640px]">
                <ModelTable model={table} caption="Coverage by exporter and day, newest first" rows={10} />
              </div>
            </details>
          </>
        )
      }
    </DataPanel>
  );
}
