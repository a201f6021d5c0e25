import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { LoginForm } from '@/components/login/LoginForm';
import { Mark } from '@/components/shell/Mark';
import { returnPath } from '@/lib/auth/returnPath';
import { currentPrincipal } from '@/lib/server/auth/principal';

export const metadata: Metadata = { title: 'Sign in' };

export default async function LoginPage({ searchParams }: PageProps<'/login'>) {
  const { callbackUrl } = await searchParams;
  const next = returnPath(typeof callbackUrl === 'string' ? callbackUrl : null);
  if ((await currentPrincipal()) !== null) redirect(next);
  return (
    <main className="flex min-h-dvh items-center justify-center px-4">
      <div className="w-full max-w-[320px] pb-16">
        <div className="mb-6 flex items-center gap-3">
          <Mark className="size-8" />
          <h1 className="text-title font-semibold tracking-tight">Sign in to Weir</h1>
        </div>
        <LoginForm next={next} />
      </div>
    </main>
  );
}
