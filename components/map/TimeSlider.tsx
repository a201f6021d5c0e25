'use client';

import { Pause, Play, SkipForward } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { quietButtonClass } from '@/components/ui/Button';
import type { MapStep } from '@/lib/charts/map/model';

/** Long enough to read where the circles are. */
const STEP_MS = 1_100;

const STILL = '(prefers-reduced-motion: reduce)';

function usePrefersStill(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(STILL);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => window.matchMedia(STILL).matches,
    () => false,
  );
}

/**
 * Goes through the steps of the range: a native slider whose first place is the whole range, and a button that plays the steps. Nothing
 * moves by itself; where less motion is preferred, the button takes one step instead.
 */
export function TimeSlider(props: {
  steps: readonly MapStep[];
  /** null = the whole range */
  step: number | null;
  onStep: (step: number | null) => void;
  /** what is shown, in words */
  when: string;
  /** whose clock that is of */
  zone: string;
  disabled: boolean;
}) {
  const { steps, step, onStep, disabled } = props;
  const spoken = `${props.when}, ${props.zone}`;
  const [playing, setPlaying] = useState(false);
  const still = usePrefersStill();
  const last = steps.length - 1;
  const next = step === null ? 0 : Math.min(last, step + 1);
  const atEnd = step === last;

  useEffect(() => {
    if (!playing) return;
    if (disabled || atEnd) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => onStep(next), STEP_MS);
    return () => clearTimeout(timer);
  }, [playing, disabled, atEnd, next, onStep]);

  const press = () => {
    if (still) {
      onStep(atEnd ? 0 : next);
      return;
    }
    if (playing) {
      setPlaying(false);
      return;
    }
    onStep(atEnd ? 0 : next);
    setPlaying(true);
  };
  const label = still ? 'Next step' : playing ? 'Pause' : 'Play the steps';
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        className={`${quietButtonClass} border border-line`}
        aria-label={label}
        title={label}
        disabled={disabled || last < 0}
        onClick={press}
      >
        {still ? (
          <SkipForward aria-hidden="true" className="size-4" />
        ) : playing ? (
          <Pause aria-hidden="true" className="size-4" />
        ) : (
          <Play aria-hidden="true" className="size-4" />
        )}
      </button>
      <input
        type="range"
        aria-label="Step of the range"
        aria-valuetext={step === null ? `The whole range, ${spoken}` : spoken}
        className="h-8 min-w-32 flex-1 cursor-pointer accent-accent disabled:cursor-default disabled:opacity-45"
        min={0}
        max={last + 1}
        step={1}
        value={step === null ? 0 : step + 1}
        disabled={disabled || last < 0}
        onChange={(event) => {
          const value = Number(event.target.value);
          setPlaying(false);
          onStep(value === 0 ? null : value - 1);
        }}
      />
      <p className="tabular text-axis max-sm:basis-full sm:w-[372px]" aria-hidden="true">
        <span className="text-muted">
          {step === null ? 'Whole range: ' : `Step ${step + 1} of ${last + 1}: `}
        </span>
        <span className="font-medium whitespace-nowrap">{props.when}</span>{' '}
        <span className="text-muted">{props.zone}</span>
      </p>
    </div>
  );
}
