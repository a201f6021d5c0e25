import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { schemaFile } from './files';

interface EngineModule {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** What PostgreSQL itself said to the last script that failed; the engine passes on only that something did. */
export interface LastScriptError {
  current: Error | null;
}

/**
 * Prisma's schema engine as WebAssembly, over the `pg` driver: what `prisma migrate deploy` does, without the native
 * engine that it would fetch. Free it.
 */
export async function openSchemaEngine(
  databaseUrl: string,
): Promise<{ engine: SchemaEngine; lastError: LastScriptError }> {
  const lastError: LastScriptError = { current: null };
  const engineModule = await loadEngineModule();
  const engine = await engineModule.SchemaEngine.new(
    { datamodels: [[schemaFile, await readFile(schemaFile, 'utf8')]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(wholeScripts(new PrismaPg(databaseUrl), lastError)),
  );
  return { engine, lastError };
}

/** The published module loads its wasm by an import that Node has only behind a flag, so it is put together by hand. */
let loaded: Promise<EngineModule> | undefined;

function loadEngineModule(): Promise<EngineModule> {
  loaded ??= (async () => {
    const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const engineModule = (await import(
      '@prisma/schema-engine-wasm/schema_engine_bg'
    )) as unknown as EngineModule;
    const { instance } = await WebAssembly.instantiate(
      await readFile(join(dirname(entry), 'schema_engine_bg.wasm')),
      {
        './schema_engine_bg.js': engineModule as unknown as WebAssembly.ModuleImports,
      },
    );
    engineModule.__wbg_set_wasm(instance.exports);
    (instance.exports.__wbindgen_start as () => void)();
    return engineModule;
  })();
  return loaded;
}

/**
 * The stock adapter cuts a script at every `;`, in strings too, and sends the pieces one by one, so that a crash leaves
 * half of it. Sent whole, PostgreSQL runs it as one transaction: all of a migration or nothing of it.
 */
function wholeScripts(
  factory: SqlMigrationAwareDriverAdapterFactory,
  lastError: LastScriptError,
): SqlMigrationAwareDriverAdapterFactory {
  const patch = async (connect: () => ReturnType<SqlMigrationAwareDriverAdapterFactory['connect']>) => {
    const adapter = await connect();
    const pool =
      'underlyingDriver' in adapter
        ? (adapter as Awaited<ReturnType<PrismaPg['connect']>>).underlyingDriver()
        : null;
    if (pool === null) return adapter;
    adapter.executeScript = async (script) => {
      try {
        await pool.query(script);
      } catch (error) {
        lastError.current = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    };
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => patch(() => factory.connect()),
    connectToShadowDb: () => patch(() => factory.connectToShadowDb()),
  };
}
