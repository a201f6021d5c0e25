import type { Metadata } from 'next';
import Link from 'next/link';
import { buttonClass } from '@/components/ui/Button';

export const metadata: Metadata = { title: 'No such page' };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center justify-center px-4">
      <div className="pb-16 text-center">
        <h1 className="text-title font-semibold tracking-tight">No such page</h1>
        <p className="mt-2 mb-4 text-muted">The address is not one of Weir's, or the page has moved.</p>
        <Link href="/" className={buttonClass}>
          To the Overview
        </Link>
      </div>
    </main>
  );
}
