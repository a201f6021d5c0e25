/** Names that collectors and copy programs give to files that are not complete. */
const UNFINISHED = /^\.|~$|\.(?:tmp|part|partial|writing|swp)$|\.current(?:\.|$)/i;
/** nfcapd renames a file to this when it is complete. */
const FINAL = /^nfcapd\.\d{12,14}$/;

/** Which files of a folder are followed. */
export class FileNames {
  private readonly pattern: RegExp | null;

  /** @param pattern with * for any text and ? for any sign; undefined = every name but hidden and unfinished ones */
  constructor(pattern: string | undefined) {
    this.pattern =
      pattern === undefined
        ? null
        : new RegExp(
            `^${pattern
              .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
              .replaceAll('*', '.*')
              .replaceAll('?', '.')}$`,
          );
  }

  matches(name: string): boolean {
    return !UNFINISHED.test(name) && (this.pattern === null || this.pattern.test(name));
  }

  /** The name itself says that the file is complete. */
  isFinal(name: string): boolean {
    return FINAL.test(name);
  }
}
