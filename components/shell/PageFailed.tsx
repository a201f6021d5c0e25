import type { ReactNode } from 'react';
import { Button } from '@/components/ui/Button';

/** In place of a page that failed: what happened, what to do, and under which number the server's log has it. */
export function PageFailed(props: {
  title: string;
  error: unknown;
  onAgain: () => void;
  children: ReactNode;
}) {
  const digest = digestOf(props.error);
  return (
    <div role="alert" className="mx-auto max-w-[56ch] text-center">
      <h1 className="text-title font-semibold tracking-tight">{props.title}</h1>
      <div className="mt-2 text-muted">{props.children}</div>
      <Button className="mt-4" onClick={props.onAgain}>
        Try again
      </Button>
      {digest === null ? null : (
        <p className="mt-3 text-[11px] text-muted">
          In the server's log as <span className="font-mono">{digest}</span>
        </p>
      )}
    </div>
  );
}

/** Errors of the server carry the number under which its log has them; those of the browser have none. */
function digestOf(error: unknown): string | null {
  return error instanceof Error && 'digest' in error && typeof error.digest === 'string'
    ? error.digest
    : null;
}
