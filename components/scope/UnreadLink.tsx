'use client';

import { Link2Off } from 'lucide-react';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { Button } from '@/components/ui/Button';
import { unreadExplore } from '@/lib/flows/exploreState';
import { type Unread, unreadParts } from '@/lib/flows/urlState';

const WORDS: Record<string, string> = {
  range: 'time range',
  from: 'start',
  to: 'end',
  zone: 'time zone',
  dir: 'direction',
  filter: 'filter',
  region: 'region filter',
  type: 'network type filter',
  ip: 'IP version filter',
  compare: 'comparison',
};

/** A link with a bad part still opens; this line says which part was not understood and that the page shows it without. */
export function UnreadLink() {
  const search = useSearchParams();
  const path = usePathname();
  const router = useRouter();
  const asked = new URLSearchParams(search.toString());
  const parts: Unread[] = [...unreadParts(asked), ...unreadExplore(asked)];
  if (parts.length === 0) return null;
  const clear = () => {
    const kept = new URLSearchParams(search.toString());
    for (const { key } of parts) kept.delete(key);
    const query = kept.toString();
    router.replace(query === '' ? path : `${path}?${query}`, { scroll: false });
  };
  return (
    <div
      role="status"
      className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-[5px] bg-warn-soft px-3 py-1.5"
    >
      <Link2Off aria-hidden="true" className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 flex-1 basis-64">
        <span className="font-medium">Part of this link was not understood</span> and is left out:{' '}
        {parts.map(({ key, text, accepts, why }, i) => (
          <span key={key} title={`Use ${accepts}`}>
            {i > 0 ? ', ' : ''}
            {WORDS[key] ?? key} <code className="font-mono text-axis break-all">{text}</code>
            {why === undefined ? null : `: ${why}`}
          </span>
        ))}
        . The page shows its default instead.
      </p>
      <Button onClick={clear}>Clear from the link</Button>
    </div>
  );
}
