'use client';

import { CloudOff, DatabaseZap, Hourglass, Lock, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';
import { instantText } from '@/lib/charts/timeText';
import type { ErrorCode } from '@/lib/flows/contracts/envelope';
import type { QuestionError } from '@/lib/hooks/useQuestion';
import { useScope } from '@/lib/hooks/useScope';

const ICONS: Partial<Record<ErrorCode, LucideIcon>> = {
  unavailable: CloudOff,
  forbidden: Lock,
  not_retained: DatabaseZap,
  timeout: Hourglass,
  too_expensive: Hourglass,
};

/** Why a panel has no answer, and what to do: in the place and size of the answer. */
export function Problem(props: {
  error: QuestionError;
  onRetry: () => void;
  busy: boolean;
  /** other ways out, as buttons */
  actions?: ReactNode;
}): ReactNode {
  const { error } = props;
  const { scope, setScope } = useScope();
  const Icon = ICONS[error.code] ?? TriangleAlert;
  const retained = error.code === 'not_retained' ? error.retainedFrom : null;
  const retry = error.code !== 'forbidden' && error.code !== 'not_retained' && error.code !== 'bad_request';
  return (
    <div
      role="alert"
      className={`flex h-full min-h-40 flex-col items-center justify-center rounded-[5px] border border-dashed border-line-strong px-6 py-4 text-center ${
        error.code === 'not_retained' ? 'hatch text-line-strong' : ''
      }`}
    >
      <div className="max-w-[56ch] rounded-[5px] bg-page px-4 py-3 text-text">
        <Icon aria-hidden="true" className="mx-auto mb-2 size-5 text-muted" />
        <p className="font-medium">{error.message}</p>
        <p className="mt-1 text-muted">{withCode(error.hint)}</p>
        <div className="mt-3 flex flex-wrap items-center justify-center gap-2">
          {props.actions}
          {retained !== null ? (
            <Button
              onClick={() => setScope({ range: { kind: 'absolute', from: retained, to: retained + 86_400 } })}
            >
              Go to the first kept day, {instantText(retained, scope.zone)}
            </Button>
          ) : null}
          {retry ? (
            <Button onClick={props.onRetry} disabled={props.busy}>
              {props.busy ? 'Trying…' : 'Try again'}
            </Button>
          ) : null}
        </div>
        {error.requestId ? (
          <p className="mt-2 font-mono text-[11px] text-muted">Request {error.requestId}</p>
        ) : null}
      </div>
    </div>
  );
}

/** What stands between backticks is for a terminal. */
function withCode(text: string): ReactNode[] {
  return text.split('`').map((piece, i) =>
    i % 2 === 0 ? (
      piece
    ) : (
      <code key={piece} className="rounded-[3px] bg-hover px-1 font-mono text-axis text-text">
        {piece}
      </code>
    ),
  );
}
