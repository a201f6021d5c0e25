import type { MouseEvent, ReactNode } from 'react';
import { formatShare } from '@/lib/charts/format';
import { circleWords, drawnWords } from '@/lib/charts/map/mixes';
import type { MapModel } from '@/lib/charts/map/model';
import { networkTypeCss } from '@/lib/charts/palette';
import { MapKeys } from './MapKeys';

/** What the picture means and what it leaves out: types (a click hides one), sizes, arcs, and the numbers that have no place on a map. */
export function MapLegend(props: {
  model: MapModel;
  hidden: ReadonlySet<string>;
  onToggle: (type: string, only: boolean) => void;
}) {
  const { model, hidden } = props;
  const click = (type: string) => (event: MouseEvent) => props.onToggle(type, event.shiftKey);
  return (
    <div className="flex flex-col gap-4 text-axis">
      <table className="tabular w-full border-collapse">
        <caption className="sr-only">Network types, {model.when}</caption>
        <thead>
          <tr className="h-7 border-b border-line text-muted">
            <th scope="col" className="text-left font-normal">
              {model.measure === 'traffic' ? 'Rate by type' : 'Volume by type'}
            </th>
            <th scope="col" title={drawnWords(model)} className="pl-2 text-right font-normal">
              Drawn
            </th>
            <th
              scope="col"
              title="Everything in the scope: drawn, without a circle in this view, and not known"
              className="pl-2 text-right font-normal whitespace-nowrap"
            >
              All places
            </th>
            <th scope="col" title="Of all places" className="pl-2 text-right font-normal">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {model.types.toReversed().map(({ type, text, drawnText, share }) => (
            <tr key={type} className={hidden.has(type) ? 'text-muted' : undefined}>
              <th scope="row" className="text-left font-normal">
                <button
                  type="button"
                  aria-pressed={!hidden.has(type)}
                  title="Click hides or shows it, Shift-click leaves only this one"
                  className="flex h-6 w-full cursor-pointer items-center gap-2 rounded-[3px] hover:bg-hover disabled:cursor-default"
                  disabled={model.wholeOnly}
                  onClick={click(type)}
                >
                  <span
                    aria-hidden="true"
                    className="block size-2.5 rounded-full"
                    style={
                      hidden.has(type)
                        ? { border: `1px solid ${networkTypeCss(type)}` }
                        : { background: networkTypeCss(type) }
                    }
                  />
                  <span className={hidden.has(type) ? 'line-through' : undefined}>{type}</span>
                </button>
              </th>
              <td className="pl-2 text-right whitespace-nowrap">{drawnText}</td>
              <td className="pl-2 text-right whitespace-nowrap">{text}</td>
              <td className="pl-2 text-right whitespace-nowrap">{formatShare(share)}</td>
            </tr>
          ))}
          <tr className="border-t border-line font-medium">
            <th scope="row" className="h-6 pl-4.5 text-left font-medium">
              {model.types.some(({ type }) => hidden.has(type)) && !model.wholeOnly ? 'Shown types' : 'Total'}
            </th>
            <td className="pl-2 text-right whitespace-nowrap">{model.sums.drawnText}</td>
            <td className="pl-2 text-right whitespace-nowrap">{model.sums.text}</td>
            <td className="pl-2 text-right whitespace-nowrap">{formatShare(model.sums.share)}</td>
          </tr>
        </tbody>
      </table>
      <p className="-mt-2 text-muted">
        {drawnWords(model)} {circleWords(model)}
      </p>
      <MapKeys model={model} />
      <Beside model={model} />
    </div>
  );
}

function Beside({ model }: { model: MapModel }) {
  const away = model.regions.filter(({ center }) => center === null);
  const outside = model.regions.filter(({ center, inView }) => center !== null && !inView);
  return (
    <dl className="tabular flex flex-col gap-1">
      {model.beside.map(({ label, text, share }) => (
        <Fact key={label} value={share === null ? text : formatShare(share)}>
          <span title={text}>{label}</span>
        </Fact>
      ))}
      {model.arcsShare === null || model.arcs.length === 0 ? null : (
        <Fact value={formatShare(model.arcsShare)}>
          of {arcsDirection(model)} volume is drawn as {model.arcs.length} arcs
          {model.arcs.some(({ direction }) => direction === 'ingress') ? ' (ingress dashed)' : ''}
        </Fact>
      )}
      {outside.length > 0 ? (
        <Fact value={String(outside.length)}>
          of our regions outside of this view ({outside.map(({ region }) => region).join(', ')})
        </Fact>
      ) : null}
      {away.length > 0 ? (
        <Fact value={String(away.length)}>
          of our regions without a place ({away.map(({ region }) => region).join(', ')}): add each under
          regions: in the network file, with latitude and longitude
        </Fact>
      ) : null}
    </dl>
  );
}

/** Which way the volume goes that arcs are a part of. */
function arcsDirection({ arcs }: MapModel): string {
  const ways = [...new Set(arcs.map(({ direction }) => direction))];
  return ways.length === 1 ? `the ${ways[0]}` : 'the';
}

function Fact({ value, children }: { value: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="order-2 text-muted">{children}</dt>
      <dd className="w-13 shrink-0 text-right whitespace-nowrap">{value}</dd>
    </div>
  );
}
