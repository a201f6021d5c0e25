import type { Theme } from '@/lib/charts/palette';
import { pictureSource } from '@/lib/charts/pictureSource';
import { rangeText } from '@/lib/charts/timeText';
import type { Meta } from '@/lib/flows/contracts/envelope';
import type { Filters } from '@/lib/flows/filter/filter';
import { composePng, type PictureParts } from './composePng';

/**
 * What is painted of an answer, as a picture that can stand alone.
 * @param subtitle measure, aggregate, unit and zone; the range is added
 */
export function answerPng(input: {
  paint(theme: Theme, font: string): PictureParts['body'];
  title: string;
  subtitle: string;
  filters: Filters;
  /** what must be known to read the picture, beside what the answer says of itself */
  notes?: readonly string[];
  meta: Meta;
  theme: Theme;
}): Promise<Blob> {
  const { meta, theme } = input;
  const font = getComputedStyle(document.body).fontFamily;
  return composePng({
    title: input.title,
    subtitle: `${input.subtitle} \u00b7 ${rangeText(meta.from, meta.to, meta.zone)}`,
    filters: input.filters,
    notes: [...(input.notes ?? []), ...meta.notes.map(({ text }) => text)],
    source: pictureSource(meta),
    body: input.paint(theme, font),
    legend: [],
    theme,
    font,
  });
}
