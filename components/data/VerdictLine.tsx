'use client';

import { Check, CircleCheck, CircleDashed, type LucideIcon, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { cx } from '@/components/ui/cx';
import { ScrollRegion } from '@/components/ui/ScrollRegion';
import type { Check as Checked, Verdict } from '@/lib/charts/prepareVerdict';
import { CodeText } from './CodeText';

/** How many findings stand open; the others are one click away. */
const SHOWN = 3;

/**
 * What is wrong, in words, the most harmful first, beside all that is looked at. Findings come together once everything has been looked at, as
 * each that came alone could stand above those before it; and in a place of one height, as the whole page stands below.
 */
export function VerdictLine({ verdict }: { verdict: Verdict }) {
  const { findings, pending } = verdict;
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? findings : findings.slice(0, SHOWN);
  // Another verdict is put in the place of the one before, as a whole: what it has in common does not wander.
  const verdictKey = [pending, verdict.nothing, ...shown.map(({ text }) => text)].join(' ');
  return (
    <section
      aria-label="Verdict"
      aria-busy={pending}
      className="mt-3 grid gap-x-8 gap-y-3 lg:grid-cols-[minmax(0,1fr)_300px]"
    >
      <div className="min-w-0">
        <ScrollRegion
          key={verdictKey}
          label="Findings"
          className={isWhole ? 'min-h-64 lg:min-h-40' : 'h-64 lg:h-40'}
        >
          {verdict.nothing && !pending ? (
            <p className="mb-2 flex items-center gap-2">
              <CircleDashed aria-hidden="true" className="size-4 shrink-0 text-muted" />
              No record begins in this range, so nothing of it can be judged. What is below holds now.
            </p>
          ) : null}
          {pending ? (
            <p className="flex items-center gap-2 text-muted">
              <CircleDashed aria-hidden="true" className="size-4" />
              Looking at what has been stored…
            </p>
          ) : findings.length > 0 ? (
            <Findings findings={shown} />
          ) : verdict.checks.every(({ state }) => state === 'checked') && !verdict.nothing ? (
            <p className="flex items-center gap-2 text-panel font-medium">
              <CircleCheck aria-hidden="true" className="size-5 text-rise" />
              Nothing known to be wrong
            </p>
          ) : null}
        </ScrollRegion>
        <div className="mt-1 min-h-5">
          {!pending && findings.length > SHOWN ? (
            <button
              type="button"
              aria-expanded={isWhole}
              className="cursor-pointer text-accent hover:underline"
              onClick={() => setWhole(!isWhole)}
            >
              {isWhole
                ? `Show the ${SHOWN} most harmful`
                : `Show ${findings.length - SHOWN} more, less harmful`}
            </button>
          ) : null}
        </div>
      </div>
      <Checks checks={verdict.checks} />
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

const STATES: Record<Checked['state'], { icon: LucideIcon; color: string; words: string }> = {
  pending: { icon: CircleDashed, color: 'text-muted', words: 'Being checked' },
  checked: { icon: Check, color: 'text-rise', words: 'Checked' },
  failed: { icon: TriangleAlert, color: 'text-warn', words: 'Could not be checked' },
};

/** The same words in every state, so that only their marks change. */
function Checks({ checks }: { checks: Verdict['checks'] }) {
  const count = (state: Checked['state']) => checks.filter((check) => check.state === state).length;
  const failed = count('failed');
  return (
    <div className="text-axis text-muted">
      <h2 className="tabular">
        Checked: {count('checked')} of {checks.length}
        {failed > 0 ? <span className="text-warn"> · {failed} could not be</span> : null}
      </h2>
      <ul className="mt-1 flex flex-col gap-1">
        {checks.map(({ text, state }) => {
          const { icon: Icon, color, words } = STATES[state];
          return (
            <li key={text} className="flex gap-2" title={words}>
              <Icon aria-hidden="true" className={cx('mt-0.5 size-3 shrink-0', color)} />
              <span>
                <span className="sr-only">{words}: </span>
                {text}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
