/** The one line at the bottom of a terminal; elsewhere, a line now and then. */
let shownAt = 0;
let lastShown = '';

/** Shows the line, at most five times a second. Where nobody watches (no terminal): when it changes, at most every 30 s. */
export function showStatus(line: string, always = false): void {
  const now = Date.now();
  if (process.stderr.isTTY) {
    if (now - shownAt < 200) return;
    process.stderr.write(`\r\u001b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  } else {
    if (!always || line === lastShown || now - shownAt < 30_000) return;
    process.stderr.write(`${line}\n`);
  }
  shownAt = now;
  lastShown = line;
}

export function clearStatus(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[2K');
}

/** A line that stays. */
export function say(line: string): void {
  clearStatus();
  process.stderr.write(`${line}\n`);
}
