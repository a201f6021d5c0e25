import type { MouseEvent, ReactNode } from 'react';
import { formatShare } from '@/lib/charts/format';
import { landColor } from '@/lib/charts/map/mapLook';
import { circleWords } from '@/lib/charts/map/mixes';
import type { MapModel } from '@/lib/charts/map/model';
import { greatestRadius, radiusOf } from '@/lib/charts/map/sizes';
import { networkTypeCss } from '@/lib/charts/palette';

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
              Network type
            </th>
            <th scope="col" className="pl-2 text-right font-normal">
              {model.measure === 'traffic' ? 'Rate' : 'Volume'}
            </th>
            <th scope="col" className="pl-2 text-right font-normal">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {model.types.toReversed().map(({ type, text, share }) => (
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
              <td className="pl-2 text-right whitespace-nowrap">{text}</td>
              <td className="pl-2 text-right whitespace-nowrap">{formatShare(share)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="-mt-2 text-muted">{circleWords(model)}</p>
      <Sizes model={model} />
      <Shades model={model} />
      <Beside model={model} />
    </div>
  );
}

function Sizes({ model }: { model: MapModel }) {
  if (model.sizes.length === 0) return null;
  return (
    <div>
      <p className="mb-1 text-muted">Area of a circle</p>
      {/* As narrow as the picture is: its circles are smaller there. */}
      <Circles model={model} narrow className="@min-[560px]:hidden" />
      <Circles model={model} narrow={false} className="@max-[560px]:hidden" />
    </div>
  );
}

function Circles({ model, narrow, className }: { model: MapModel; narrow: boolean; className: string }) {
  const greatest = greatestRadius(model.view, narrow);
  return (
    <ul className={`flex items-end gap-4 ${className}`}>
      {model.sizes.map(({ text, radius }) => {
        const size = 2 * radiusOf(radius, greatest);
        return (
          <li key={text} className="tabular flex flex-col items-center gap-1 whitespace-nowrap">
            <svg aria-hidden="true" width={size + 2} height={size + 2} className="text-muted">
              <circle cx={size / 2 + 1} cy={size / 2 + 1} r={size / 2} fill="none" stroke="currentColor" />
            </svg>
            {short(text)}
          </li>
        );
      })}
    </ul>
  );
}

/** Light to strong, as countries are shaded. */
const TONES = [0, 0.25, 0.5, 0.75, 1];

function Shades({ model }: { model: MapModel }) {
  const [most] = model.countries;
  const least = model.countries.at(-1);
  if (model.view !== 'world' || !most || !least) return null;
  return (
    <div>
      <p className="mb-1 text-muted">Shade of a country, all of it, logarithmic</p>
      <div className="tabular flex items-center gap-2">
        <span className="whitespace-nowrap">{short(least.text)}</span>
        <span aria-hidden="true" className="flex">
          {TONES.map((tone) => (
            <span
              key={tone}
              className="block h-3 w-6"
              style={{ background: `light-dark(${landColor(tone, 'light')}, ${landColor(tone, 'dark')})` }}
            />
          ))}
        </span>
        <span className="whitespace-nowrap">{short(most.text)}</span>
      </div>
    </div>
  );
}

function Beside({ model }: { model: MapModel }) {
  const away = model.regions.filter(({ center }) => center === null);
  return (
    <dl className="tabular flex flex-col gap-1">
      {model.beside.map(({ label, text, share }) => (
        <Fact key={label} value={share === null ? text : formatShare(share)}>
          <span title={text}>{label}</span>
        </Fact>
      ))}
      {model.arcsShare === null ? null : (
        <Fact value={formatShare(model.arcsShare)}>
          of the volume is drawn as {model.arcs.length} arcs
          {model.arcs.some(({ direction }) => direction === 'ingress') ? ' (ingress dashed)' : ''}
        </Fact>
      )}
      {away.length > 0 ? (
        <Fact value={String(away.length)}>
          of our regions without a place ({away.map(({ region }) => region).join(', ')}): add each under
          regions: in the network file, with latitude and longitude
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ value, children }: { value: string; children: ReactNode }) {
  return (
    <div className="flex gap-2">
      <dt className="order-2 text-muted">{children}</dt>
      <dd className="w-13 shrink-0 text-right whitespace-nowrap">{value}</dd>
    </div>
  );
}

/** The measure stands above the picture; its unit need not be spelled out beside each circle. */
function short(text: string): string {
  return text.replace('/address', '');
}
