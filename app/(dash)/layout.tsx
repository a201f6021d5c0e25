import type { ReactNode } from 'react';
import { EngineAway } from '@/components/panel/EngineAway';
import { ScopeBar } from '@/components/scope/ScopeBar';
import { Keyboard } from '@/components/shell/Keyboard';
import { PersonMenu } from '@/components/shell/PersonMenu';
import { Rail } from '@/components/shell/Rail';
import { SessionEnded } from '@/components/shell/SessionEnded';
import { FiscalStartProvider } from '@/lib/hooks/useFiscalStart';
import { PageClockProvider } from '@/lib/hooks/usePageClock';
import { currentPrincipal } from '@/lib/server/auth/principal';
import { fiscalStartFromEnv } from '@/lib/server/env';

const CONTENT = 'content';
const CONTENT_END = 'content-end';

/**
 * The gate and the frame of every dashboard page. The scope bar stands here, so that the scope survives navigation. No Suspense stands
 * around pages: React would send so much content after an empty frame, and show it up to 300 ms later.
 */
export default async function DashLayout({ children }: { children: ReactNode }) {
  const principal = await currentPrincipal();
  // proxy.ts has sent people without a cookie away with their path; this catches cookies that are worth nothing any more.
  if (principal === null) return <SessionEnded />;
  return (
    <FiscalStartProvider month={fiscalStartFromEnv()}>
      {/*
        Half of a page is not painted: what comes with the other half would move what stands there. What is waited for stands behind the
        content, as Chromium waits for the beginning of an element only.
      */}
      <link rel="expect" href={`#${CONTENT_END}`} blocking="render" />
      <PageClockProvider renderedAt={Math.floor(Date.now() / 1000)}>
        <div className="flex min-h-dvh max-sm:flex-col">
          <a
            href={`#${CONTENT}`}
            className="sr-only z-50 rounded-[5px] bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
          >
            Skip to content
          </a>
          <Rail find={<Keyboard />} person={<PersonMenu name={principal.name} role={principal.role} />} />
          <div className="flex min-w-0 flex-1 flex-col">
            <ScopeBar />
            <main id={CONTENT} className="mx-auto w-full max-w-[1680px] flex-1 px-3 pt-4 pb-10 sm:px-6">
              <EngineAway />
              {children}
            </main>
            <span id={CONTENT_END} hidden />
          </div>
        </div>
      </PageClockProvider>
    </FiscalStartProvider>
  );
}
