'use client';

import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  startTransition,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { type Frame, instantAtX, xOf } from '@/lib/charts/areaShapes';
import { type Bucket, bucketAt } from '@/lib/charts/bucketStates';
import { bucketText, rangeText } from '@/lib/charts/timeText';
import { useHover } from './sharedHover';

interface Span {
  readonly anchor: number;
  readonly head: number;
}

/** Below this many pixels a drag is a click with a trembling hand. */
const LEAST_DRAG = 6;

/** A mark that was clicked: which series, in which bucket, and where, in pixels of the chart's box. */
export interface PickedMark {
  readonly key: string;
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/**
 * What moves above a picture over time: the vertical line, the table of the bucket below it, and the brush. None of it redraws the
 * canvas, so it follows the pointer at once. The line goes through all pictures that share a hover; the table stands where the pointer
 * is. By keyboard: arrows move, Shift with arrows selects, Enter zooms, Escape lets go.
 */
export function AreaOverlay(props: {
  buckets: readonly Bucket[];
  frame: Frame;
  zone: string;
  label: string;
  /** what is said of a bucket beside its time */
  valueText: (index: number) => string;
  /** the series below a point, y in pixels of the chart's box; null where there is none */
  keyAt: (index: number, y: number) => string | null;
  tooltip: (index: number) => ReactNode;
  onLift: (key: string | null) => void;
  /** whole buckets, UTC epoch seconds, half-open */
  onZoom: (from: number, to: number) => void;
  /** a click on a mark, with a mouse */
  onPick?: (mark: PickedMark) => void;
}) {
  const { buckets, frame, zone } = props;
  const hint = useId();
  const box = useRef<HTMLDivElement>(null);
  const { hover, isHere, setHover } = useHover();
  const [span, setSpan] = useState<Span | null>(null);
  const [pointerY, setPointerY] = useState(frame.y);
  const drag = useRef<{ x: number; moved: boolean } | null>(null);
  const last = buckets.length - 1;
  const isInside = hover !== null && hover.instant >= frame.from && hover.instant <= frame.to;
  const at = isInside ? bucketAt(buckets, hover.instant) : null;
  const setIndex = (index: number | null) => {
    const bucket = index === null ? undefined : buckets[index];
    setHover(bucket === undefined ? null : (bucket.from + bucket.to) / 2);
  };

  const local = (event: PointerEvent): { x: number; y: number } => {
    const rect = box.current?.getBoundingClientRect();
    return { x: event.clientX - (rect?.left ?? 0) + frame.x, y: event.clientY - (rect?.top ?? 0) + frame.y };
  };
  const bucketBelow = (x: number): number => bucketAt(buckets, instantAtX(frame, x));

  const move = (event: PointerEvent) => {
    const { x, y } = local(event);
    const below = bucketBelow(x);
    setIndex(below);
    setPointerY(y);
    const pressed = drag.current;
    if (pressed && (pressed.moved || Math.abs(x - pressed.x) >= LEAST_DRAG)) {
      pressed.moved = true;
      setSpan({ anchor: bucketBelow(pressed.x), head: below });
      return;
    }
    if (event.pointerType === 'mouse') props.onLift(props.keyAt(below, y));
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { x, y } = local(event);
    drag.current = { x, moved: false };
    // A finger hovers nowhere: where it taps, the table appears and stays.
    setIndex(bucketBelow(x));
    setPointerY(y);
    props.onLift(null);
  };
  const release = (event: PointerEvent) => {
    const pressed = drag.current;
    drag.current = null;
    if (pressed?.moved && span) zoom(span);
    else if (pressed && event.pointerType === 'mouse') pick(event);
    setSpan(null);
  };
  function pick(event: PointerEvent) {
    const { x, y } = local(event);
    const index = bucketBelow(x);
    const key = props.keyAt(index, y);
    if (key !== null) props.onPick?.({ key, index, x, y });
  }
  const leave = (event?: PointerEvent) => {
    if (drag.current || event?.pointerType === 'touch') return;
    setIndex(null);
    props.onLift(null);
  };

  function zoom({ anchor, head }: Span) {
    const from = buckets[Math.min(anchor, head)]?.from;
    const to = buckets[Math.max(anchor, head)]?.to;
    setSpan(null);
    setIndex(null);
    // The selection goes at once; the whole page, which asks for another range, may take a frame more.
    if (from !== undefined && to !== undefined && from < to) startTransition(() => props.onZoom(from, to));
  }

  const key = (event: KeyboardEvent) => {
    const here = at ?? (event.key === 'ArrowRight' ? -1 : last + 1);
    const target = nextIndex(event, here, last);
    if (target !== null) {
      event.preventDefault();
      setIndex(target);
      setPointerY(frame.y);
      setSpan(event.shiftKey ? { anchor: span?.anchor ?? at ?? target, head: target } : null);
    } else if (event.key === 'Enter' && span) {
      event.preventDefault();
      zoom(span);
    } else if (event.key === 'Escape' && (span || at !== null)) {
      event.preventDefault();
      drag.current = null;
      setSpan(null);
      setIndex(null);
    }
  };

  const bucket = at === null ? null : buckets[at];
  const lineX = bucket ? xOf(frame, (bucket.from + bucket.to) / 2) - frame.x : 0;
  const selected = span && {
    from: buckets[Math.min(span.anchor, span.head)]?.from ?? frame.from,
    to: buckets[Math.max(span.anchor, span.head)]?.to ?? frame.to,
  };
  const spoken = selected
    ? `Selected ${rangeText(selected.from, selected.to, zone)}. Enter zooms in.`
    : bucket && at !== null
      ? `${bucketText(bucket.from, bucket.to, zone)}: ${props.valueText(at)}`
      : 'No moment chosen';

  return (
    <div
      ref={box}
      role="slider"
      aria-label={props.label}
      aria-describedby={hint}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at ?? last}
      aria-valuetext={spoken}
      tabIndex={0}
      className="absolute cursor-crosshair touch-pan-y select-none"
      style={{ left: frame.x, top: frame.y, width: frame.width, height: frame.height }}
      onPointerMove={move}
      onPointerDown={press}
      onPointerUp={release}
      onPointerCancel={() => {
        drag.current = null;
        setSpan(null);
      }}
      onPointerLeave={leave}
      onKeyDown={key}
      onBlur={() => leave()}
    >
      <p id={hint} className="sr-only">
        Arrow keys move through time, Shift with arrow keys selects, Enter zooms into the selection, Escape
        lets go. The same values stand in the table of this panel.
      </p>
      {selected ? (
        <Selection
          frame={frame}
          from={selected.from}
          to={selected.to}
          text={rangeText(selected.from, selected.to, zone)}
        />
      ) : null}
      {bucket && at !== null ? (
        <>
          <div
            className="pointer-events-none absolute top-0 h-full w-px bg-text/70"
            style={{ transform: `translateX(${lineX}px)` }}
          />
          {span || !isHere ? null : (
            <Floating x={lineX} y={pointerY - frame.y} width={frame.width} height={frame.height}>
              {props.tooltip(at)}
            </Floating>
          )}
        </>
      ) : null}
    </div>
  );
}

function nextIndex(event: KeyboardEvent, here: number, last: number): number | null {
  const step = event.altKey ? 10 : 1;
  switch (event.key) {
    case 'ArrowLeft':
      return Math.max(0, here - step);
    case 'ArrowRight':
      return Math.min(last, here + step);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

function Selection(props: { frame: Frame; from: number; to: number; text: string }) {
  const left = xOf(props.frame, props.from) - props.frame.x;
  const right = xOf(props.frame, props.to) - props.frame.x;
  const middle = Math.min(Math.max((left + right) / 2, 110), Math.max(110, props.frame.width - 110));
  return (
    <>
      <div
        className="pointer-events-none absolute top-0 h-full border-x border-accent bg-accent/20"
        style={{ left, width: right - left }}
      />
      <div
        className="tabular pointer-events-none absolute top-1 -translate-x-1/2 rounded-[4px] bg-accent px-2 py-0.5 text-axis font-medium whitespace-nowrap text-on-accent"
        style={{ left: middle }}
      >
        {props.text}
      </div>
    </>
  );
}

/** Beside the line, on the side with room; where neither has enough, over the plot: its edges never cut it where it can be helped. */
function Floating(props: { x: number; y: number; width: number; height: number; children: ReactNode }) {
  const gap = 14;
  const box = useRef<HTMLDivElement>(null);
  const [own, setOwn] = useState(0);
  // Its width follows from its words, so it is measured after each drawing; it settles at once.
  useLayoutEffect(() => setOwn(box.current?.offsetWidth ?? 0));
  const beside = props.x > props.width / 2 ? props.x - gap - own : props.x + gap;
  return (
    <div
      ref={box}
      className="pointer-events-none absolute z-10 w-max"
      style={{
        left: Math.max(Math.min(beside, props.width - own), Math.min(0, props.width - own)),
        visibility: own === 0 ? 'hidden' : undefined,
        top: Math.max(-12, Math.min(props.y - 40, props.height - 236)),
      }}
    >
      {props.children}
    </div>
  );
}
