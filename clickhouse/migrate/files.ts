import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MigrationError, type MigrationProblem } from '@/lib/server/migrationError';
import { splitStatements } from './splitStatements';

/** One migration file as it stands on disk. */
export interface MigrationFile {
  number: number;
  /** File name without `.sql`, such as `0004_traffic`. */
  name: string;
  /** SHA-256 (hex) of the source, before marks are expanded, with line ends as LF. */
  checksum: string;
  /** Statements as written, with their marks. */
  statements: string[];
  /** SHA-256 (hex) of each statement as written. */
  statementChecksums: string[];
}

/** Where the product's own migrations are. */
export const migrationsDirectory = fileURLToPath(new URL('../migrations/', import.meta.url));

/**
 * Reads every migration of a folder, by number.
 * @throws MigrationError for a misnamed file, a number used twice, or a file without a statement
 */
export async function readMigrationFiles(directory: string = migrationsDirectory): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort();
  const problems: MigrationProblem[] = [];
  const files: MigrationFile[] = [];
  for (const fileName of names) {
    const match = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(fileName);
    if (match?.[1] === undefined) {
      problems.push(
        badFile(fileName, 'is not named NNNN_name.sql', `rename it, for example to ${nextName(files)}`),
      );
      continue;
    }
    const file = parseMigration(
      fileName,
      Number(match[1]),
      await readFile(join(directory, fileName), 'utf8'),
    );
    const twin = files.find((other) => other.number === file.number);
    if (twin !== undefined) {
      problems.push(
        badFile(
          fileName,
          `has the same number as ${twin.name}.sql`,
          `give the newer of the two the next free number, for example ${nextName(files)}`,
        ),
      );
    } else if (file.statements.length === 0) {
      problems.push(badFile(fileName, 'holds no statement', 'write its statements, or delete the file'));
    } else files.push(file);
  }
  if (problems.length > 0) throw new MigrationError(problems);
  return files.sort((a, b) => a.number - b.number);
}

function parseMigration(fileName: string, number: number, text: string): MigrationFile {
  // A checkout with CRLF line ends is the same migration.
  const source = text.replaceAll('\r\n', '\n');
  const statements = splitStatements(source);
  return {
    number,
    name: fileName.replace(/\.sql$/, ''),
    checksum: sha256(source),
    statements,
    statementChecksums: statements.map(sha256),
  };
}

function badFile(fileName: string, what: string, fix: string): MigrationProblem {
  return {
    code: 'bad_file',
    migration: fileName,
    message: `The migration file ${fileName} ${what}.`,
    fix: `${fix}.`,
  };
}

function nextName(files: readonly MigrationFile[]): string {
  const next = Math.max(0, ...files.map((file) => file.number)) + 1;
  return `${String(next).padStart(4, '0')}_name.sql`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
