'use client';

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { ThemeProvider } from 'next-themes';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import { QuestionError } from '@/lib/hooks/useQuestion';
import { goToLogin } from './SessionEnded';

/** What every page stands in: URL state, theme, and the cache of answers. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        // Whatever panel is told first that the session has ended: the page goes to sign-in, and back afterwards.
        queryCache: new QueryCache({
          onError: (error) => {
            if (error instanceof QuestionError && error.code === 'unauthenticated') goToLogin();
          },
        }),
        // A tab that nobody looks at asks nothing; it catches up when it is looked at again.
        defaultOptions: { queries: { refetchOnWindowFocus: true, refetchIntervalInBackground: false } },
      }),
  );
  return (
    <NuqsAdapter>
      <ThemeProvider attribute="data-theme" defaultTheme="system" enableSystem disableTransitionOnChange>
        <QueryClientProvider client={client}>{children}</QueryClientProvider>
      </ThemeProvider>
    </NuqsAdapter>
  );
}
