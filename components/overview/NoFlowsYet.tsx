import { CopyButton } from '@/components/ui/CopyButton';

const COMMANDS = [
  {
    words: 'Import a capture, for example nfdump JSON with times in UTC:',
    command: 'npm run ingest -- --format nfdump-json --zone UTC flows.json.gz',
  },
  {
    words: 'Or the JSON that pmacct (nfacctd, sfacctd) writes; a dash instead of the file reads a pipe:',
    command: 'npm run ingest -- --format pmacct-json flows.json',
  },
  { words: 'Or look at Weir with demo data first:', command: 'npm run demo' },
] as const;

/** Nothing has ever been stored: what would fill this page, ready to copy. */
export function NoFlowsYet() {
  return (
    <section aria-labelledby="no-flows" className="mx-auto mt-16 max-w-[640px]">
      <h2 id="no-flows" className="text-title font-semibold tracking-tight">
        No flows yet
      </h2>
      <p className="mt-1 text-muted">
        Weir draws what it has been given. Import flow records and this page fills within seconds; it looks
        again by itself.
      </p>
      <ol className="mt-5 flex flex-col gap-4">
        {COMMANDS.map(({ words, command }) => (
          <li key={command}>
            <p>{words}</p>
            <div className="mt-1 flex items-center gap-2 rounded-[5px] border border-line bg-surface py-1 pr-1 pl-3">
              <code className="min-w-0 flex-1 overflow-x-auto font-mono text-axis whitespace-nowrap">
                {command}
              </code>
              <CopyButton text={command} label="Copy the command" />
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
