import { CopyButton } from '@/components/ui/CopyButton';
import { formatShare, formatValue, THIN_SPACE } from '@/lib/charts/format';
import { instantText, rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';

/** All that an answer says of itself: what to know of it, where it came from, how far it goes, what it cost. */
export function AboutAnswer({ meta, dot }: { meta: Meta; dot: { color: string; words: string } }) {
  const { watermark, zone } = meta;
  return (
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
  );
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
