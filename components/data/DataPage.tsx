'use client';

import Link from 'next/link';
import { LazyNoFlowsYet } from '@/components/overview/LazyNoFlowsYet';
import { StatusLine } from '@/components/overview/StatusLine';
import { Problem } from '@/components/panel/Problem';
import { classificationHref } from '@/lib/charts/prepareUnclassified';
import { prepareVerdict } from '@/lib/charts/prepareVerdict';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { printScope } from '@/lib/flows/urlState';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';
import { CoveragePanel } from './CoveragePanel';
import { DoubtsPanel, SendingPanel } from './ExporterPanels';
import { ImportsPanel } from './ImportsPanel';
import { LatePanel } from './LatePanel';
import { RejectedPanel } from './RejectedPanel';
import { StoragePanels } from './StoragePanels';
import { TotalsPanel } from './TotalsPanel';
import { UnclassifiedPanel } from './UnclassifiedPanel';
import { VerdictLine } from './VerdictLine';

/** An empty database is looked at again this often, so that the first import shows by itself. */
const EMPTY_REFRESH_MS = 5_000;

/** Is it right? What is known to be wrong with the data, and every number that tells. */
export function DataPage() {
  const { scope } = useScope();
  const status = useQuestion(questions.dataStatus, scope, (answer) =>
    answer?.rows.empty ? EMPTY_REFRESH_MS : false,
  );
  const quality = useQuestion(questions.exporterQuality, scope);
  const double = useQuestion(questions.doubleCounting, scope);
  const late = useQuestion(questions.lateData, scope);
  const ledger = useQuestion(questions.importLedger, scope);
  const rows = status.data?.rows;
  // Nothing answers and nothing was answered before: said once, and not in every panel.
  const away =
    rows === undefined
      ? [status, quality, double, late, ledger]
          .map(({ error }) => error)
          .find((error) => error?.code === 'unavailable')
      : undefined;
  const verdict = prepareVerdict({
    status: known(status),
    quality: known(quality),
    double: known(double),
    late: known(late),
    ledger: known(ledger),
  });
  // The clock of the answers: what "ago" is counted from.
  const now = rows?.now ?? late.data?.rows.now ?? 0;
  return (
    <>
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <h1 className="text-title font-semibold tracking-tight">Is the data right?</h1>
        <StatusLine
          status={rows === undefined ? undefined : { ...rows, warnings: [] }}
          failed={status.isError}
          zone={scope.zone}
        />
      </div>
      {away ? (
        <div className="mt-6 flex min-h-[420px] flex-col [&>*]:flex-1">
          <Problem error={away} onRetry={() => void status.refetch()} busy={status.isFetching} />
        </div>
      ) : rows?.empty ? (
        <LazyNoFlowsYet />
      ) : (
        <>
          <p className="text-axis text-muted">
            About all records of the range: direction and filters do not apply here. Who is called what is
            decided on the{' '}
            <Link
              href={classificationHref(printScope(scope))}
              className="text-accent underline hover:no-underline"
            >
              Classification page
            </Link>
            .
          </p>
          <VerdictLine verdict={verdict} />
          <SendingPanel quality={quality} now={now} zone={scope.zone} />
          <DoubtsPanel quality={quality} double={double} zone={scope.zone} />
          <CoveragePanel scope={scope} />
          <TotalsPanel status={status} quality={quality.data?.rows ?? null} />
          <UnclassifiedPanel
            scope={scope}
            share={rows?.unclassifiedShare ?? null}
            nothing={verdict.nothing}
          />
          <RejectedPanel scope={scope} />
          <LatePanel late={late} zone={scope.zone} />
          <ImportsPanel ledger={ledger} zone={scope.zone} />
          <StoragePanels scope={scope} now={now} />
        </>
      )}
    </>
  );
}

/** The rows; null where there is no answer but an error, undefined while it is under way. */
function known<Rows>(query: { data: Answer<Rows> | undefined; isError: boolean }): Rows | null | undefined {
  return query.data?.rows ?? (query.isError ? null : undefined);
}
