import type { ReactNode } from 'react';

/** What stands between backticks is for a terminal or a file. */
export function CodeText({ text }: { text: string }): ReactNode {
  return text.split('`').map((piece, i) =>
    i % 2 === 0 ? (
      piece
    ) : (
      <code
        key={piece}
        className="rounded-[3px] bg-hover px-1 font-mono text-axis whitespace-nowrap text-text max-sm:whitespace-normal"
      >
        {piece}
      </code>
    ),
  );
}
