import { Button } from '@/components/ui/Button';
import { DIMENSION_LABEL, type Dimension } from '@/lib/flows/dimensions';
import type { RangeChoice } from '@/lib/flows/scope';
import type { QuestionError } from '@/lib/hooks/useQuestion';

const HOUR = 3_600;

/** Ways out of an error that can be taken at once: a shorter range, or one dimension less. */
export function Ways(props: {
  error: QuestionError;
  by: readonly Dimension[];
  /** the end of the range that was asked, UTC epoch seconds */
  to: number;
  onBy: (by: readonly Dimension[]) => void;
  onRange: (range: RangeChoice) => void;
}) {
  const { error, by, to } = props;
  const { longestSeconds } = error;
  const last = by.at(-1);
  const limited = ['not_answerable', 'not_retained', 'too_expensive', 'timeout'].includes(error.code);
  return (
    <>
      {longestSeconds === null ? null : (
        <Button
          onClick={() => props.onRange({ kind: 'absolute', from: to - longestSeconds, to })}
        >{`Narrow to the last ${lengthText(longestSeconds)}`}</Button>
      )}
      {limited && last !== undefined ? (
        <Button onClick={() => props.onBy(by.slice(0, -1))}>{`Drop ${DIMENSION_LABEL[last]}`}</Button>
      ) : null}
    </>
  );
}

function lengthText(seconds: number): string {
  const hours = Math.round(seconds / HOUR);
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : `${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}
