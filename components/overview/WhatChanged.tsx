'use client';

import { ArrowDownRight, ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import { AnsweredBy } from '@/components/panel/AnsweredBy';
import { Panel } from '@/components/panel/Panel';
import { PanelBody } from '@/components/panel/PanelBody';
import { changeText } from '@/lib/charts/changeText';
import { rangeText } from '@/lib/charts/timeText';
import type { WhatChangedRows } from '@/lib/flows/contracts/whatChanged';
import type { Scope } from '@/lib/flows/scope';
import { questions } from '@/lib/hooks/questions';
import { useQuestion } from '@/lib/hooks/useQuestion';

/** Up to five sentences about what is not as it was, each a link to the view that shows it. */
export function WhatChanged(props: { scope: Scope; unit: 'bits' | 'bytes' }) {
  const { scope, unit } = props;
  const query = useQuestion(questions.whatChanged, scope);
  const answer = query.data;
  const compared = answer?.rows.compared ?? null;
  return (
    <Panel
      id="changes"
      title="What changed?"
      subtitle={
        compared
          ? `Mean rates against ${rangeText(compared.from, compared.to, scope.zone)}; the last hours against the same hours of earlier weeks`
          : 'The last hours against the same hours of earlier weeks'
      }
      busy={query.isFetching}
      controls={null}
      about={answer ? <AnsweredBy meta={answer.meta} /> : <span className="skeleton h-4 w-40" />}
      menu={null}
    >
      <PanelBody query={query} height="min-h-[140px]" skeleton={<Skeleton />}>
        {({ rows, meta }) =>
          rows.changes.length === 0 ? (
            <p className="pt-1 text-muted">{nothingText(rows)}</p>
          ) : (
            <ul className="grid gap-x-8 @min-[1100px]:grid-cols-2">
              {rows.changes.map((change) => {
                const { subject, text, way, href } = changeText(
                  change,
                  scope,
                  { asked: meta.asked, compared: rows.compared },
                  unit,
                );
                return (
                  <li key={`${change.kind} ${change.dimension} ${change.key}`}>
                    <Link
                      href={href}
                      className="-mx-2 flex items-start gap-2 rounded-[5px] px-2 py-1 hover:bg-hover"
                    >
                      {way === 'rise' ? (
                        <ArrowUpRight aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-rise" />
                      ) : (
                        <ArrowDownRight aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-fall" />
                      )}
                      <span className="tabular min-w-0">
                        <span className="font-medium">{subject}</span> {text}
                      </span>
                    </Link>
                  </li>
                );
              })}
            </ul>
          )
        }
      </PanelBody>
    </Panel>
  );
}

/** What was looked at and found as it was; or why it could not be. */
function nothingText({ judged, comparedMissing }: WhatChangedRows): string {
  const looked = [
    ...(judged.groups > 0 ? [`${judged.groups} types, regions and ASNs`] : []),
    ...(judged.endpoints ? ['the heaviest addresses'] : []),
    ...(judged.baseline ? ['the last hours of each type'] : []),
  ];
  const why = comparedMissing === null ? '' : ` ${comparedMissing}`;
  return looked.length === 0
    ? `There is nothing to hold this range against.${why} Choose a comparison above.`
    : `Nothing stands out among ${looked.join(', ')}: no change of 5 % and more that matters for the total.${why}`;
}

function Skeleton() {
  return (
    <div className="flex flex-col gap-3 pt-2" aria-hidden="true">
      {['a', 'b', 'c'].map((key) => (
        <div key={key} className="skeleton h-4 max-w-[560px]" />
      ))}
    </div>
  );
}
