import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { offsetName } from '@/lib/charts/timeText';
import { isTimeZone } from '@/lib/flows/timeZone';
import { currentZoneName, findZones } from '@/lib/flows/zoneNames';

/** More would be a wall of names; typing narrows. */
const MOST = 60;

/** UTC and the browser's own zone come first; the rest by typing. */
export function ZoneList({
  zone,
  now,
  onChoose,
}: {
  zone: string;
  now: number;
  onChoose: (zone: string) => void;
}) {
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const all = useMemo(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    return ['UTC', own, zone, ...Intl.supportedValuesOf('timeZone')];
  }, [zone]);
  const matches = useMemo(() => findZones(all, typed, isTimeZone).slice(0, MOST), [all, typed]);
  const chosen = currentZoneName(zone);
  // It may come after the list was opened, when the focus has been given already.
  useEffect(() => field.current?.focus(), []);

  const key = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = Math.min(matches.length - 1, Math.max(0, active + step));
      setActive(next);
      document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const name = matches[active];
      if (name) onChoose(name);
    } else if (event.key === 'Escape' && typed !== '') {
      // First what was typed goes, then the list.
      event.preventDefault();
      event.stopPropagation();
      setTyped('');
      setActive(0);
    }
  };

  return (
    <div>
      <div className="border-b border-line p-2">
        <input
          ref={field}
          role="combobox"
          aria-label="Find a time zone"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={matches.length > 0 ? `${listId}-${active}` : undefined}
          aria-autocomplete="list"
          placeholder="City or region"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
          }}
          onKeyDown={key}
          spellCheck={false}
          autoComplete="off"
          className="h-8 w-full rounded-[5px] border border-line-strong bg-page px-2 placeholder:text-muted"
        />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label="Time zones"
        tabIndex={-1}
        className="max-h-72 overflow-y-auto p-1"
      >
        {matches.map((name, i) => (
          <div
            key={name}
            id={`${listId}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={name === chosen}
            onPointerMove={() => setActive(i)}
            onPointerDown={(event) => {
              event.preventDefault();
              onChoose(name);
            }}
            className={`flex h-7 cursor-pointer items-center justify-between gap-3 rounded-[4px] px-2 ${
              i === active ? 'bg-hover' : ''
            } ${name === chosen ? 'font-medium text-accent' : ''}`}
          >
            <span className="truncate">{name.replaceAll('_', ' ')}</span>
            <span className="tabular text-axis text-muted">{offsetName(now, name)}</span>
          </div>
        ))}
        {matches.length === 0 ? (
          <p className="px-2 py-3 text-muted">
            No time zone has "{typed}" in its name. Try the nearest large city; older names are found when
            they are written out.
          </p>
        ) : null}
      </div>
    </div>
  );
}
