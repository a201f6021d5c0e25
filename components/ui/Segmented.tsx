import { useId } from 'react';
import { cx } from './cx';

/** One of few, all in sight: native radio buttons drawn as segments, so that arrows and screen readers work as ever. */
export function Segmented<Value extends string>(props: {
  label: string;
  value: Value;
  /** `why`: what cannot be had now, and the reason */
  options: readonly { value: Value; label: string; title?: string; why?: string | null }[];
  onChange: (value: Value) => void;
  className?: string;
}) {
  const name = useId();
  return (
    <fieldset
      className={cx(
        'inline-flex h-8 shrink-0 rounded-[5px] border border-line bg-surface p-[2px]',
        props.className,
      )}
    >
      <legend className="sr-only">{props.label}</legend>
      {props.options.map((option) => (
        <label
          key={option.value}
          title={option.why ?? option.title}
          className="relative flex cursor-pointer items-center rounded-[3px] px-2 whitespace-nowrap text-muted select-none hover:text-text has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent has-disabled:cursor-default has-disabled:opacity-45 has-disabled:hover:text-muted"
        >
          <input
            type="radio"
            className="absolute inset-0 cursor-pointer appearance-none outline-none disabled:cursor-default"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            disabled={Boolean(option.why)}
            aria-description={option.why ?? undefined}
            onChange={() => props.onChange(option.value)}
          />
          {/* The bold twin holds the width, so that choosing moves nothing. */}
          <span className="grid">
            <span className="col-start-1 row-start-1 text-center">{option.label}</span>
            <span aria-hidden="true" className="invisible col-start-1 row-start-1 font-medium">
              {option.label}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
