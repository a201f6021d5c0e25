'use client';

import { useTheme } from 'next-themes';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ChartHandle } from '@/components/charts/EChart';
import { type KnownOfData, NothingKnown } from '@/components/overview/NothingKnown';
import { directionText, fileName, headLines } from '@/components/overview/scopeText';
import { isWithoutData } from '@/components/panel/AnsweredBy';
import { AnswerPanel } from '@/components/panel/AnswerPanel';
import { PanelBody } from '@/components/panel/PanelBody';
import { Segmented } from '@/components/ui/Segmented';
import { saveFile } from '@/components/ui/saveFile';
import { allBut, toggled } from '@/lib/charts/hiddenSeries';
import { mapTable } from '@/lib/charts/map/mapTable';
import type { MapEntry, MapMeasure, MapModel } from '@/lib/charts/map/model';
import { prepareMap } from '@/lib/charts/map/prepareMap';
import { unplacedOf } from '@/lib/charts/map/unplaced';
import { tableCsv } from '@/lib/charts/tableModel';
import { narrowTo } from '@/lib/flows/filter/edit';
import type { Scope } from '@/lib/flows/scope';
import { printScope } from '@/lib/flows/urlState';
import { questions } from '@/lib/hooks/questions';
import { useMapView } from '@/lib/hooks/useMapView';
import { useQuestion } from '@/lib/hooks/useQuestion';
import { useScope, useView } from '@/lib/hooks/useScope';
import { MapLegend } from './MapLegend';
import { MapPicture } from './MapPicture';
import { MapTable } from './MapTable';
import { PLACES, TOTAL } from './mapWords';
import { TimeSlider } from './TimeSlider';
import { Unplaced } from './Unplaced';
import { useGeography } from './useGeography';

/** Until places are loaded they are looked for this often, so that the map fills by itself. */
const UNPLACED_REFRESH_MS = 20_000;

const TITLE = 'Where are the other ends?';

const MEASURES = [
  { value: 'volume', label: 'Volume', title: 'All bytes of the range or step' },
  { value: 'traffic', label: 'Rate', title: 'Bits divided by covered seconds' },
  { value: 'uniqueness', label: 'Addresses', title: 'Distinct remote addresses of the whole range' },
  {
    value: 'magnitude',
    label: 'Per address',
    title: 'Bits divided by distinct remote addresses of the whole range',
  },
] as const;

const AGGREGATE: Record<MapMeasure, (bits: boolean) => string> = {
  volume: (bits) => `Volume · sum · ${bits ? 'bits' : 'bytes'}`,
  traffic: (bits) => `Traffic · mean of the covered time · ${bits ? 'bit/s' : 'B/s'}`,
  uniqueness: () => 'Uniqueness · distinct remote addresses of the whole range',
  magnitude: () => 'Magnitude · volume / remote addresses · bits per address of the whole range',
};

const DEFINITIONS = [`${PLACES} IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0.`, TOTAL];

/** Metros and countries by the measure, colored by type, with arcs from our regions and the steps of the range. */
export function MapPanel({ scope, status }: { scope: Scope; status: KnownOfData }) {
  const { setScope } = useScope();
  const { view, setView } = useView();
  const { map, arcs, at, setMapView, setAt } = useMapView();
  const [asTable, setAsTable] = useState(false);
  const { resolvedTheme } = useTheme();
  const handle = useRef<ChartHandle>(null);
  const query = useQuestion(questions.trafficMap, scope, (known) =>
    known?.rows.geoVersion === 0 ? UNPLACED_REFRESH_MS : false,
  );
  const { geography, failed } = useGeography(map);
  const answer = query.data;
  const hidden = useMemo<ReadonlySet<string>>(() => new Set(view.hide), [view.hide]);
  const starts = answer?.rows.steps.starts;
  const found = at === null || starts === undefined ? -1 : starts.indexOf(at);
  // A range that moves on leaves its first steps behind.
  const step = found < 0 ? null : found;
  const setStep = useCallback(
    (next: number | null) => setAt(next === null ? null : (starts?.[next] ?? null)),
    [setAt, starts],
  );
  const model = useMemo<MapModel | null>(
    () =>
      answer && geography
        ? prepareMap(answer.rows, answer.meta, {
            view: map,
            measure: view.measure,
            unit: view.unit,
            step,
            hidden,
            arcs,
            countryCenter: geography.countryCenter,
          })
        : null,
    [answer, geography, map, view.measure, view.unit, step, hidden, arcs],
  );
  const table = useMemo(() => (answer && model ? mapTable(model, answer.rows) : null), [answer, model]);
  const unplaced = useMemo(() => (answer && model ? unplacedOf(answer.rows, model) : null), [answer, model]);
  const dataHref = `/data?${printScope(scope)}#versions`;
  const subtitle = `${AGGREGATE[view.measure](view.unit === 'bits')} · ${directionText(scope.direction)} · ${answer?.meta.zone ?? scope.zone}`;

  const toggle = (type: string, only: boolean) => {
    const next = only ? allBut(hidden, type, answer?.rows.types ?? []) : toggled(hidden, type);
    setView({ hide: next.length === 0 ? null : next });
  };
  const narrow = ({ country, metro }: Pick<MapEntry, 'country' | 'metro'>) => {
    const filters =
      metro === '' ? narrowTo(scope.filters, 'country', country) : narrowTo(scope.filters, 'metro', metro);
    setScope({ filters });
  };
  const saveCsv = () => {
    if (!answer || !table || !model) return;
    const text = tableCsv(table, {
      title: `${TITLE} ${subtitle}`,
      lines: headLines(scope, answer.meta, [`Bytes of: ${model.when}`, drawnLine(model), ...DEFINITIONS]),
    });
    saveFile(fileName('places', answer.meta, 'csv'), new Blob([text], { type: 'text/csv;charset=utf-8' }));
  };
  const savePng = () => {
    if (!answer || !model || !geography) return;
    const theme = resolvedTheme === 'dark' ? 'dark' : 'light';
    const zoom = handle.current?.view() ?? null;
    void import('./mapPng').then(async ({ mapPng }) => {
      const { meta } = answer;
      const blob = await mapPng({
        title: TITLE,
        subtitle,
        filters: scope.filters,
        model,
        meta,
        geography,
        hidden,
        zoom,
        theme,
      });
      saveFile(fileName('places', meta, 'png'), blob);
    });
  };

  return (
    <AnswerPanel
      id="map"
      title={TITLE}
      subtitle={subtitle}
      query={query}
      meta={answer?.meta}
      controls={
        <>
          <Segmented
            label="Map"
            value={map}
            options={[
              { value: 'world', label: 'World' },
              { value: 'us', label: 'US', title: 'The United States, Alaska and Hawaii moved' },
            ]}
            onChange={(value) => setMapView({ map: value })}
          />
          <Segmented
            label="Measure"
            value={view.measure}
            options={MEASURES}
            onChange={(measure) => setView({ measure: measure === 'volume' ? null : measure })}
          />
        </>
      }
      ready={model !== null}
      files={{
        asTable,
        onTable: setAsTable,
        onCsv: saveCsv,
        onPng: savePng,
      }}
    >
      <PanelBody query={query} height={BODY} skeleton={<MapSkeleton />}>
        {(shown) =>
          isWithoutData(shown.meta) && shown.rows.places.length === 0 ? (
            <NothingKnown status={status} zone={shown.meta.zone} />
          ) : failed && !model ? (
            <p role="alert" className="flex h-[420px] items-center justify-center text-muted">
              The shapes of the map could not be fetched. Reload the page; the numbers are in Overview
              meanwhile.
            </p>
          ) : !model || !geography || !table ? (
            <MapSkeleton />
          ) : (
            <div className={GRID}>
              <div className="relative min-w-0">
                {unplaced && !unplaced.isBare && !asTable ? (
                  <Unplaced words={unplaced} dataHref={dataHref} />
                ) : null}
                <div className={PICTURE}>
                  {unplaced?.isBare && !asTable ? <Unplaced words={unplaced} dataHref={dataHref} /> : null}
                  {asTable ? (
                    <MapTable
                      table={table}
                      entries={model.entries}
                      total={model.total.bytes}
                      drawn={model.sums.drawnBytes}
                      caption={`${TITLE} ${subtitle}. ${model.when}`}
                      onPick={narrow}
                    />
                  ) : (
                    <MapPicture
                      model={model}
                      geography={geography}
                      label={labelOf(model)}
                      handle={handle}
                      onPick={narrow}
                      onRegion={(region) => setScope({ filters: narrowTo(scope.filters, 'region', region) })}
                    />
                  )}
                </div>
                <div className="mt-2">
                  <TimeSlider
                    steps={model.steps}
                    step={model.wholeOnly ? null : step}
                    onStep={setStep}
                    when={model.when}
                    zone={shown.meta.zone.replaceAll('_', ' ')}
                    disabled={model.wholeOnly}
                  />
                </div>
              </div>
              <div className="flex min-w-0 flex-col gap-4">
                <MapLegend model={model} hidden={hidden} onToggle={toggle} />
                <ArcsChoice model={model} arcs={arcs} onArcs={(value) => setMapView({ arcs: value })} />
                <Credit wholeOnly={model.wholeOnly} />
              </div>
            </div>
          )
        }
      </PanelBody>
    </AnswerPanel>
  );
}

/** One height in every state, so that nothing below ever moves. */
const BODY = 'min-h-[1040px] @min-[960px]:min-h-[745px]';
const GRID = 'grid gap-x-8 gap-y-4 @min-[960px]:grid-cols-[minmax(0,1fr)_300px]';
const PICTURE = 'relative h-[256px] @min-[640px]:h-[440px] @min-[960px]:h-[520px]';

function ArcsChoice(props: {
  model: MapModel;
  arcs: 'none' | 'ingress' | 'egress' | 'both';
  onArcs: (arcs: 'none' | 'ingress' | 'egress' | 'both') => void;
}) {
  return (
    <div className="flex flex-col gap-1 text-axis text-muted">
      <span aria-hidden="true" className="flex items-center gap-1.5">
        <span className="mx-0.5 block size-1.75 rotate-45 border-[1.5px] border-text" /> our regions, named in
        bold; arcs are of all types
      </span>
      <Segmented
        label="Arcs from and to our regions"
        className="self-start"
        value={props.arcs}
        options={[
          { value: 'none', label: 'None' },
          { value: 'egress', label: 'Egress', title: 'From our regions to the places' },
          { value: 'ingress', label: 'Ingress', title: 'From the places to our regions' },
          { value: 'both', label: 'Both' },
        ]}
        onChange={props.onArcs}
      />
    </div>
  );
}

function Credit({ wholeOnly }: { wholeOnly: boolean }) {
  const link = 'text-accent underline underline-offset-2 hover:no-underline';
  return (
    <p className="max-w-[60ch] text-axis text-muted">
      {wholeOnly
        ? 'Addresses are kept by place for days and months: they are of the whole range and all types, and steps do not apply. '
        : ''}
      <a className={link} href="https://db-ip.com">
        IP Geolocation by DB-IP
      </a>
      ,{' '}
      <a className={link} href="https://creativecommons.org/licenses/by/4.0/">
        CC BY 4.0
      </a>
      .
    </p>
  );
}

/** How the rows of the file add up, to what the legend says. */
function drawnLine({ view, sums, total }: MapModel): string {
  return `All rows: ${total.bytes} bytes. Drawn on the map of ${VIEW_NAMES[view]}, with a latitude: ${sums.drawnBytes} bytes`;
}

const VIEW_NAMES = { world: 'the world', us: 'the United States' } as const;

function MapSkeleton() {
  return (
    <div className={GRID} aria-hidden="true">
      <div className={`${PICTURE} skeleton`} />
      <div className="flex min-w-0 flex-col gap-3 pt-2">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((key) => (
          <div key={key} className="skeleton h-4" />
        ))}
      </div>
    </div>
  );
}

function labelOf(model: MapModel): string {
  const drawn = model.entries.filter(({ center, radius }) => center !== null && radius > 0);
  const [first] = drawn;
  return `Map of ${VIEW_NAMES[model.view]}, ${model.when}: ${drawn.length} places${
    first ? `, the greatest is ${first.label} with ${first.text}` : ''
  }`;
}
