'use client';

import { Info } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '@/components/ui/CopyButton';
import { Popover } from '@/components/ui/Popover';
import { formatShare, formatValue, THIN_SPACE } from '@/lib/charts/format';
import { clockText, dayText, instantText, rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** Beyond this the newest data is late enough to be marked. */
const LATE_SECONDS = 1_800;

/** That addresses are of whole hours is said where they are shown, and that a day has 23 hours is no fault of the answer. */
const HARMLESS: ReadonlySet<string> = new Set(['uniques_widened', 'clock_change']);

/** Which table answered and how far its data is complete; everything else the answer says of itself one click below. */
export function AnsweredBy({ meta }: { meta: Meta }) {
  const [open, setOpen] = useState(false);
  const { watermark, zone } = meta;
  const cut = watermark !== null && meta.to - watermark > LATE_SECONDS;
  const noData = isWithoutData(meta);
  const freshness =
    watermark === null
      ? 'nothing has arrived'
      : noData
        ? 'no data in this range'
        : watermark >= meta.to
          ? 'complete'
          : `complete to ${meta.to - watermark > 20 * 3600 ? `${dayText(watermark, zone)}, ` : ''}${clockText(watermark, zone)}`;
  const told = meta.notes.filter(({ code }) => !HARMLESS.has(code)).length + (meta.widened === null ? 0 : 1);
  const warned = cut || told > 0;
  const dot = noData
    ? { color: 'border border-muted', words: 'No expected exporter was heard in this range' }
    : warned
      ? { color: 'bg-warn', words: 'There is something to know about this answer' }
      : { color: 'bg-rise', words: 'Nothing is missing, up to where it is complete' };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      title="About this answer"
      align="end"
      className="max-h-[min(380px,var(--available-height))] w-[460px] max-w-full overflow-y-auto p-4"
      triggerLabel={`Data ${freshness}, answered by ${meta.table}: about this answer`}
      triggerClass="flex h-7 max-w-full cursor-pointer items-center gap-1.5 rounded-[5px] px-1.5 text-axis text-muted hover:bg-hover hover:text-text data-popup-open:bg-hover"
      trigger={
        <>
          <span
            aria-hidden="true"
            title={dot.words}
            className={`block size-1.5 shrink-0 rounded-full ${dot.color}`}
          />
          <span className="tabular whitespace-nowrap">{freshness}</span>
          {told > 0 ? (
            <span className="whitespace-nowrap text-warn">{told === 1 ? '1 note' : `${told} notes`}</span>
          ) : null}
          <span className="truncate font-mono text-[10px] max-lg:hidden">{meta.table}</span>
          <Info aria-hidden="true" className="size-3.5 shrink-0" />
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p className="flex items-center gap-2 text-muted">
          <span aria-hidden="true" className={`block size-1.5 shrink-0 rounded-full ${dot.color}`} />
          {dot.words}.
        </p>
        {[...(meta.widened ? [meta.widened] : []), ...meta.notes.map((note) => note.text)].map((text) => (
          <p key={text} className="border-l-2 border-warn pl-2">
            {text}
          </p>
        ))}
        <dl className="tabular grid grid-cols-[92px_1fr] gap-x-3 gap-y-1">
          <Fact name="Table" value={meta.table} />
          <Fact name="Chosen because" value={meta.reason} />
          <Fact name="Range" value={`${rangeText(meta.from, meta.to, zone)} (${zone})`} />
          {meta.bucket ? <Fact name="Bucket" value={meta.bucket} /> : null}
          <Fact
            name="Complete to"
            value={watermark === null ? 'Nothing has arrived yet' : instantText(watermark, zone)}
          />
          {meta.provisionalFrom === null ? null : (
            <Fact
              name="Provisional"
              value={`from ${instantText(meta.provisionalFrom, zone)}: may still grow`}
            />
          )}
          {meta.coverage === null ? null : (
            <Fact name="Coverage" value={`${formatShare(meta.coverage)} of expected exporter time`} />
          )}
          <Fact
            name="Cost"
            value={`${formatValue(meta.rowsRead, 'count')} rows read${meta.kept ? ' when it was first asked; nothing has changed since, given again' : ''} in ${Math.max(1, Math.round(meta.elapsedMs))}${THIN_SPACE}ms`}
          />
          <Fact name="Versions" value={`taxonomy ${meta.taxonomyVersion}, metrics ${meta.metricsVersion}`} />
        </dl>
        <Statements meta={meta} />
      </div>
    </Popover>
  );
}

/** Nobody was listening in any of it: unknown, and neither complete nor zero. */
export function isWithoutData({ coverage, watermark, from }: Meta): boolean {
  return (coverage === null || coverage === 0) && (watermark === null || watermark > from);
}

/** What was asked of ClickHouse, ready to be asked again. */
export function Statements({ meta }: { meta: Meta }) {
  return meta.statements.map((statement) => (
    <details key={statement.queryId} className="group">
      <summary className="cursor-pointer text-muted hover:text-text">
        SQL, {formatValue(statement.rowsRead, 'count')} rows
      </summary>
      <div className="relative mt-1">
        <pre className="max-h-52 overflow-auto rounded-[5px] border border-line bg-page p-2 pr-9 font-mono text-[11px] leading-4 whitespace-pre-wrap">
          {statement.sql}
          {Object.entries(statement.parameters).map(([name, value]) => `\n-- ${name} = ${value}`)}
        </pre>
        <div className="absolute top-1 right-1">
          <CopyButton text={statement.sql} label="Copy the SQL" />
        </div>
      </div>
    </details>
  ));
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{value}</dd>
    </>
  );
}
