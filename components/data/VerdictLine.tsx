'use client';

import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import type { Verdict } from '@/lib/charts/prepareVerdict';
import { CodeText } from './CodeText';

/** How many findings stand open; the others are one click away. */
const SHOWN = 3;

/** What is wrong, in words, the most harmful first; or what was looked at and found right. */
export function VerdictLine({ verdict }: { verdict: Verdict }) {
  const { findings, checked, failed, pending, nothing } = verdict;
  const first = findings.slice(0, SHOWN);
  const rest = findings.slice(SHOWN);
  return (
    <section aria-label="Verdict" aria-busy={pending} className="mt-3 min-h-16">
      {nothing ? (
        <p className="mb-2 flex items-center gap-2">
          <CircleDashed aria-hidden="true" className="size-4 text-muted" />
          No record begins in this range, so nothing of it can be judged. What is below holds now.
        </p>
      ) : null}
      {findings.length > 0 ? (
        <>
          <Findings findings={first} />
          {rest.length > 0 ? (
            <details className="mt-2">
              <summary className="w-fit cursor-pointer text-muted hover:text-text">
                {rest.length} more, less harmful
              </summary>
              <div className="mt-2">
                <Findings findings={rest} />
              </div>
            </details>
          ) : null}
        </>
      ) : pending ? (
        <p className="flex items-center gap-2 text-muted">
          <CircleDashed aria-hidden="true" className="size-4" />
          Looking at what has been stored…
        </p>
      ) : failed.length === 0 && !nothing ? (
        <p className="flex items-center gap-2 text-panel font-medium">
          <CircleCheck aria-hidden="true" className="size-5 text-rise" />
          Nothing known to be wrong
        </p>
      ) : null}
      {pending ? null : (
        <p className="mt-2 text-axis text-muted">
          {checked.length > 0 ? `Checked: ${checked.join('; ')}.` : null}
          {failed.length > 0 ? (
            <span className="text-warn"> Could not be checked: {failed.join('; ')}.</span>
          ) : null}
        </p>
      )}
    </section>
  );
}

function Findings({ findings }: { findings: Verdict['findings'] }) {
  return (
    <ol className="flex flex-col gap-2">
      {findings.map(({ key, text, fix, panel }) => (
        <li key={key} className="flex gap-2 border-l-2 border-warn pl-3">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-warn" />
          <div className="min-w-0">
            <p className="font-medium">
              <a href={`#${panel}`} className="hover:underline">
                {text}
              </a>
            </p>
            <p className="break-words text-muted">
              <CodeText text={fix} />
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
