'use client';

import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Segmented } from '@/components/ui/Segmented';
import { subjectText } from '@/lib/flows/classification';
import { NETWORK_TYPES } from '@/lib/flows/networkTypes';
import { useDecide, usePreview } from '@/lib/hooks/useClassification';
import { DecisionPreview } from './DecisionPreview';
import { draftOf, type FormValues, GIVE_BACK } from './formValues';

const KINDS = [
  { value: 'asn', label: 'ASN' },
  { value: 'prefix', label: 'Prefix' },
  { value: 'link', label: 'Link', title: 'An interface of an exporter, such as a data-onboarding line' },
] as const;

const HISTORY = [
  {
    value: 'rebuild',
    label: 'Rebuild',
    title: 'Stored records of these days get the new type, and their rollups are made again',
  },
  { value: 'keep', label: 'Keep', title: 'Only records that arrive from now on get the new type' },
] as const;

const INPUT =
  'h-8 w-full rounded-[5px] border border-line-strong bg-surface px-2.5 text-text max-sm:text-[16px]';

/** What is to be called what, from when on and why; beside it what that would move. */
export function DecisionForm({ start, mayDecide }: { start: FormValues; mayDecide: boolean }) {
  const [values, setValues] = useState(start);
  const draft = draftOf(values);
  const preview = usePreview(draft);
  const decide = useDecide();
  const set = (change: Partial<FormValues>) => {
    decide.reset();
    setValues((old) => ({ ...old, ...change }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (draft === null) return;
    decide.mutate({ draft, reason: values.reason, history: values.history });
  };
  const saved = decide.data?.decision;
  return (
    <div className="grid gap-x-10 gap-y-6 grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(300px,420px)_minmax(0,1fr)]">
      <form onSubmit={submit} className="flex flex-col gap-4" aria-label="Decision">
        <Segmented
          label="What"
          value={values.kind}
          options={KINDS}
          onChange={(kind) => set({ kind })}
          className="self-start"
        />
        {values.kind === 'asn' ? (
          <Field label="AS number" hint="64500 or AS64500">
            {(id) => (
              <input
                id={id}
                className={INPUT}
                inputMode="numeric"
                value={values.asn}
                onChange={({ target }) => set({ asn: target.value })}
              />
            )}
          </Field>
        ) : null}
        {values.kind === 'prefix' ? (
          <Field label="Prefix" hint="192.0.2.0/24 or 2001:db8::/32">
            {(id) => (
              <input
                id={id}
                className={INPUT}
                spellCheck={false}
                value={values.prefix}
                onChange={({ target }) => set({ prefix: target.value })}
              />
            )}
          </Field>
        ) : null}
        {values.kind === 'link' ? (
          <div className="grid grid-cols-[1fr_110px] gap-3">
            <Field label="Exporter" hint="as its records name it">
              {(id) => (
                <input
                  id={id}
                  className={INPUT}
                  spellCheck={false}
                  value={values.exporter}
                  onChange={({ target }) => set({ exporter: target.value })}
                />
              )}
            </Field>
            <Field label="Interface" hint="SNMP index">
              {(id) => (
                <input
                  id={id}
                  className={INPUT}
                  inputMode="numeric"
                  value={values.interface}
                  onChange={({ target }) => set({ interface: target.value })}
                />
              )}
            </Field>
          </div>
        ) : null}
        <Field label="Network type" hint="">
          {(id) => (
            <select
              id={id}
              className={INPUT}
              value={values.type}
              onChange={({ target }) => set({ type: target.value })}
            >
              <option value="">Choose…</option>
              {NETWORK_TYPES.map((type) => (
                <option key={type}>{type}</option>
              ))}
              <option value={GIVE_BACK}>What file and taxonomy say</option>
            </select>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label="First day" hint="UTC; empty: since ever">
            {(id) => (
              <input
                id={id}
                type="date"
                className={INPUT}
                value={values.from}
                max={values.to || undefined}
                onChange={({ target }) => set({ from: target.value })}
              />
            )}
          </Field>
          <Field label="Last day" hint="empty: until further notice">
            {(id) => (
              <input
                id={id}
                type="date"
                className={INPUT}
                value={values.to}
                min={values.from || undefined}
                onChange={({ target }) => set({ to: target.value })}
              />
            )}
          </Field>
        </div>
        {mayDecide ? (
          <>
            <Field label="Reason" hint="for whoever asks in a year">
              {(id) => (
                <input
                  id={id}
                  className={INPUT}
                  maxLength={500}
                  value={values.reason}
                  onChange={({ target }) => set({ reason: target.value })}
                />
              )}
            </Field>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <span className="text-muted">Stored records</span>
              <Segmented
                label="Stored records"
                value={values.history}
                options={HISTORY}
                onChange={(history) => set({ history })}
              />
              <span className="basis-full text-axis text-muted">
                {HISTORY.find(({ value }) => value === values.history)?.title}
              </span>
            </div>
            <div className="flex items-center gap-3">
              <Button
                look="primary"
                type="submit"
                disabled={draft === null || values.reason.trim().length < 3 || decide.isPending}
              >
                {decide.isPending ? 'Saving…' : 'Save decision'}
              </Button>
              <p role="status" className="min-h-5 text-muted">
                {saved
                  ? `Saved. ${subjectText(saved.subject)} is being classified; the list below follows it.`
                  : ''}
              </p>
            </div>
          </>
        ) : null}
        {decide.error ? (
          <p role="alert" className="text-fall">
            {decide.error.message} {decide.error.hint}
          </p>
        ) : null}
      </form>
      <DecisionPreview draft={draft} query={preview} history={values.history} />
    </div>
  );
}

function Field(props: { label: string; hint: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="flex flex-wrap items-baseline gap-x-2">
        {props.label}
        <span className="text-axis text-muted">{props.hint}</span>
      </label>
      {props.children(id)}
    </div>
  );
}
