import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { Pool, type QueryResult } from 'pg';
import { schemaFile } from './files';

/** The published types leave out the loader's part of the module. */
interface EngineModule {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

export interface OpenSchemaEngine {
  engine: SchemaEngine;
  /** What PostgreSQL itself said to the last script that failed; the engine passes on only that something did. */
  lastScriptError(): Error | null;
  /** Closes its connections, which hold the engine's own lock. */
  close(): Promise<void>;
}

/**
 * Prisma's schema engine as WebAssembly, over the `pg` driver: what `prisma migrate deploy` does, without the native
 * engine that it would fetch. Close it.
 */
export async function openSchemaEngine(databaseUrl: string): Promise<OpenSchemaEngine> {
  const engineModule = await loadEngineModule();
  const pool = catalogPool(databaseUrl);
  let scriptError: Error | null = null;
  const factory = wholeScripts(pool, (error) => {
    scriptError = error;
  });
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[schemaFile, await readFile(schemaFile, 'utf8')]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return {
    engine,
    lastScriptError: () => scriptError,
    close: async () => {
      engine.free();
      await pool.end();
    },
  };
}

/** The published module loads its wasm by an import that Node has only behind a flag, so it is put together by hand. */
let loaded: Promise<EngineModule> | undefined;

function loadEngineModule(): Promise<EngineModule> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const parts: object = await import('@prisma/schema-engine-wasm/schema_engine_bg');
    const { instance } = await WebAssembly.instantiate(
      await readFile(join(dirname(entry), 'schema_engine_bg.wasm')),
      { './schema_engine_bg.js': parts as WebAssembly.ModuleImports },
    );
    const engineModule = parts as EngineModule;
    // Where the engine leaves its last words before it traps; without this they would be lost.
    Object.assign(globalThis, {
      PRISMA_WASM_PANIC_REGISTRY: {
        set_message: (message: string) => process.stderr.write(`Prisma's schema engine: ${message}\n`),
      },
    });
    engineModule.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === 'function') start();
    return engineModule;
  })();
  return loaded;
}

/**
 * The stock adapter cuts a script at every `;`, in strings too, and sends the pieces one by one, so that a crash leaves
 * half of it. Sent whole, PostgreSQL runs it as one transaction: all of a migration or nothing of it.
 */
function wholeScripts(pool: Pool, onError: (error: Error) => void): SqlMigrationAwareDriverAdapterFactory {
  const stock = new PrismaPg(pool);
  const connect = async (): Promise<SqlDriverAdapter> => {
    const adapter = await stock.connect();
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        onError(error instanceof Error ? error : new Error(String(error)));
        throw error;
      }
    };
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (query) => withCharColumns(await queryRaw(query));
    return adapter;
  };
  return { provider: stock.provider, adapterName: stock.adapterName, connect, connectToShadowDb: connect };
}

const charType = 18;
const textType = 25;

/**
 * Reading a schema meets the catalogue's one-letter type "char", which the stock adapter refuses: it is passed through as
 * text here and declared as the engine wants it in `withCharColumns`.
 */
const charColumns = new WeakMap<object, number[]>();

function catalogPool(databaseUrl: string): Pool {
  const pool = new Pool({ connectionString: databaseUrl, application_name: 'weir-migrate' });
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult | QueryResult[]>;
  return Object.assign(pool, {
    query: async (...args: unknown[]) => {
      const result = await query(...args);
      if (Array.isArray(result)) return result;
      const columns = result.fields.flatMap((field, index) => (field.dataTypeID === charType ? [index] : []));
      if (columns.length > 0) charColumns.set(result.rows, columns);
      for (const index of columns) Object.assign(result.fields[index] ?? {}, { dataTypeID: textType });
      return result;
    },
  });
}

function withCharColumns(result: SqlResultSet): SqlResultSet {
  for (const index of charColumns.get(result.rows) ?? [])
    result.columnTypes[index] = ColumnTypeEnum.Character;
  return result;
}
