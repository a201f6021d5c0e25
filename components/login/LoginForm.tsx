'use client';

import { signIn } from 'next-auth/react';
import { type FormEvent, useId, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { signInError } from './signInError';

export function LoginForm({ next }: { next: string }) {
  const ids = { email: useId(), password: useId(), error: useId() };
  const password = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    const result = await signIn('credentials', {
      email: String(form.get('email') ?? ''),
      password: String(form.get('password') ?? ''),
      redirect: false,
    }).catch(() => undefined);
    if (result?.ok && !result.error) {
      // A full load: what an earlier person was shown must not outlive the change of person.
      window.location.assign(next);
      return;
    }
    setBusy(false);
    setError(signInError(result?.error ?? ''));
    password.current?.select();
  };

  const input =
    'h-9 w-full rounded-[5px] border border-line-strong bg-surface px-2.5 text-text max-sm:text-[16px]';
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" aria-describedby={error ? ids.error : undefined}>
      <div className="flex flex-col gap-1">
        <label htmlFor={ids.email} className="text-muted">
          E-mail
        </label>
        <input
          id={ids.email}
          name="email"
          type="email"
          autoComplete="username"
          required
          spellCheck={false}
          className={input}
        />
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={ids.password} className="text-muted">
          Password
        </label>
        <input
          id={ids.password}
          ref={password}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          className={input}
        />
      </div>
      <Button look="primary" type="submit" disabled={busy} className="h-9">
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
      {/* Room is kept, so that an error moves nothing. */}
      <p id={ids.error} role="alert" className="min-h-10 text-fall">
        {error}
      </p>
    </form>
  );
}
