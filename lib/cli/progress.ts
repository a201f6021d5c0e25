/** Steps of a start, told as they happen: one line a step when done, and one moving line of what is under way and for how long. */
export interface Progress {
  /** Runs a step; its line shows the seconds it took. `report` updates the moving line, the returned text ends the step's line. */
  step<T>(
    title: string,
    run: (report: (detail: string) => void) => Promise<T>,
    done?: (result: T) => string,
  ): Promise<T>;
  line(text: string): void;
  /** Takes the moving line away; later lines are plain. */
  end(): void;
}

const NOT_A_TERMINAL_EVERY_MS = 5_000;

/** @param out where to write; a terminal gets a moving line, anything else a plain line every five seconds */
export function createProgress(out: NodeJS.WriteStream = process.stdout): Progress {
  const running = new Map<string, { detail: string; since: number }>();
  let shown = false;
  let lastPlain = 0;

  const clear = (): void => {
    if (shown && out.isTTY) out.write('\r\u001b[2K');
    shown = false;
  };
  const draw = (): void => {
    if (running.size === 0) return;
    const text = [...running]
      .map(([title, { detail, since }]) => {
        const seconds = Math.floor((performance.now() - since) / 1000);
        return `${title}${detail === '' ? '' : `: ${detail}`}${seconds < 1 ? '' : `, ${seconds} s`}`;
      })
      .join(' · ');
    if (out.isTTY) {
      clear();
      out.write(`  … ${text}`.slice(0, Math.max(20, (out.columns ?? 80) - 1)));
      shown = true;
    } else if (Date.now() - lastPlain >= NOT_A_TERMINAL_EVERY_MS) {
      lastPlain = Date.now();
      out.write(`  … ${text}\n`);
    }
  };
  const timer = setInterval(draw, 1_000);
  timer.unref();

  const line = (text: string): void => {
    clear();
    out.write(`${text}\n`);
    draw();
  };

  return {
    line,
    end() {
      clearInterval(timer);
      clear();
    },
    async step(title, run, done) {
      const started = performance.now();
      running.set(title, { detail: '', since: started });
      draw();
      try {
        const result = await run((detail) => {
          running.set(title, { detail, since: started });
          draw();
        });
        running.delete(title);
        const tail = done?.(result) ?? '';
        line(
          `  ✓ ${title}${tail === '' ? '' : ` — ${tail}`} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
        );
        return result;
      } catch (error) {
        running.delete(title);
        line(`  ✗ ${title}`);
        throw error;
      }
    },
  };
}
