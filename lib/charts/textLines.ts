/** Breaks lie where the parts of a line under a title meet. */
const BETWEEN = ' \u00b7 ';

/**
 * A text of parts with dots between them, in lines that fit: a line is broken at a dot. A part that is too long by itself stays whole.
 * @param width of a line, in the unit of `measure`
 */
export function textLines(text: string, width: number, measure: (line: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(BETWEEN)) {
    const longer = line === '' ? part : `${line}${BETWEEN}${part}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = part;
    } else line = longer;
  }
  return [...lines, line];
}
