'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useRef } from 'react';
import { PageFailed } from '@/components/shell/PageFailed';

/** A page that failed, on the server or in the browser. The rail and the scope bar stand, and another range or page is another try. */
export default function DashError({ error, retry }: { error: unknown; retry: () => void }) {
  const client = useQueryClient();
  const again = useCallback(() => {
    // An answer that the page failed on would fail it again.
    client.removeQueries({ queryKey: ['flows'] });
    retry();
  }, [client, retry]);
  const search = useSearchParams().toString();
  const failedOn = useRef(search);
  useEffect(() => {
    if (search === failedOn.current) return;
    failedOn.current = search;
    again();
  }, [search, again]);
  return (
    <div className="flex min-h-[420px] items-center justify-center">
      <PageFailed title="This page could not be shown" error={error} onAgain={again}>
        Something in it failed; nothing of what is stored is touched. Try again, or choose another range or
        page. If it stays, tell whoever runs Weir.
      </PageFailed>
    </div>
  );
}
