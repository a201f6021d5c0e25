/**
 * Who may import whom: the layers of the house as data. A file belongs to the first layer whose path begins it;
 * a layer may import itself, what it lists, and packages (unless `packages` narrows them).
 */
export interface Layer {
  readonly name: string;
  readonly path: string;
  readonly mayImport: readonly string[];
  /** Packages that must not be imported (exact name or scope prefix). */
  readonly forbiddenPackages?: readonly string[];
  /** When given, the only packages that may be imported. */
  readonly onlyPackages?: readonly string[];
}

const PURE_FORBIDDEN = [
  'react',
  'react-dom',
  'next',
  'next-auth',
  'node:',
  'fs',
  'path',
  '@clickhouse/client',
  'pg',
  '@prisma/client',
];

/** Order matters: the most specific path first. */
export const layers: readonly Layer[] = [
  { name: 'components/ui', path: 'components/ui/', mayImport: [], forbiddenPackages: ['echarts'] },
  {
    name: 'components/charts',
    path: 'components/charts/',
    mayImport: [
      'components',
      'components/ui',
      'lib/flows',
      'lib/charts',
      'lib/stats',
      'lib/hooks',
      'lib/auth',
    ],
  },
  {
    name: 'components',
    path: 'components/',
    mayImport: [
      'components/ui',
      'components/charts',
      'lib/flows',
      'lib/charts',
      'lib/stats',
      'lib/hooks',
      'lib/auth',
    ],
    forbiddenPackages: ['echarts'],
  },
  {
    name: 'lib/flows',
    path: 'lib/flows/',
    mayImport: [],
    onlyPackages: ['zod', 'nuqs/server', 'date-fns', '@date-fns/tz'],
  },
  {
    name: 'lib/charts',
    path: 'lib/charts/',
    mayImport: ['lib/flows'],
    forbiddenPackages: [...PURE_FORBIDDEN, 'echarts'],
  },
  {
    name: 'lib/stats',
    path: 'lib/stats/',
    mayImport: ['lib/flows'],
    forbiddenPackages: [...PURE_FORBIDDEN, 'echarts'],
  },
  { name: 'lib/auth', path: 'lib/auth/', mayImport: [], forbiddenPackages: [...PURE_FORBIDDEN, 'echarts'] },
  {
    name: 'lib/hooks',
    path: 'lib/hooks/',
    mayImport: ['lib/flows', 'lib/charts'],
    forbiddenPackages: ['echarts'],
  },
  {
    name: 'lib/server',
    path: 'lib/server/',
    mayImport: ['lib/flows', 'lib/charts', 'lib/stats', 'lib/auth', 'prisma/generated'],
    forbiddenPackages: ['echarts', 'react', 'react-dom'],
  },
  {
    name: 'lib/cli',
    path: 'lib/cli/',
    mayImport: [
      'lib/flows',
      'lib/charts',
      'lib/stats',
      'lib/auth',
      'lib/server',
      'clickhouse',
      'prisma',
      'prisma/generated',
      'lib/testing',
    ],
    forbiddenPackages: ['echarts', 'react', 'react-dom'],
  },
  { name: 'lib/testing', path: 'lib/testing/', mayImport: [] },
  {
    name: 'clickhouse',
    path: 'clickhouse/',
    mayImport: ['lib/flows', 'lib/server'],
    forbiddenPackages: ['echarts', 'react', 'react-dom'],
  },
  { name: 'prisma/generated', path: 'prisma/generated/', mayImport: [] },
  {
    name: 'prisma',
    path: 'prisma/',
    mayImport: ['prisma/generated', 'lib/auth', 'lib/server'],
    forbiddenPackages: ['echarts', 'react'],
  },
  {
    name: 'app',
    path: 'app/',
    mayImport: [
      'components',
      'components/ui',
      'components/charts',
      'lib/flows',
      'lib/charts',
      'lib/stats',
      'lib/hooks',
      'lib/auth',
      'lib/server',
    ],
    forbiddenPackages: ['echarts'],
  },
  {
    name: 'e2e',
    path: 'e2e/',
    mayImport: ['lib/flows', 'lib/cli', 'lib/server', 'clickhouse', 'prisma', 'lib/charts'],
  },
];

export interface Violation {
  readonly file: string;
  readonly imported: string;
  readonly why: string;
}

/** The layer of a path relative to the repository, or null for configuration files at the top. */
export function layerOf(path: string): Layer | null {
  return layers.find((layer) => path.startsWith(layer.path)) ?? null;
}

const IMPORT =
  /(?:^|[\s;])(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Module names that a source text imports or re-exports, statically or dynamically. */
export function importsOf(source: string): string[] {
  const withoutComments = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...withoutComments.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
}

function resolveInside(file: string, specifier: string): string | null {
  if (specifier.startsWith('@/')) return specifier.slice(2);
  if (!specifier.startsWith('.')) return null;
  const parts = file.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '.') continue;
    if (step === '..') parts.pop();
    else parts.push(step);
  }
  return parts.join('/');
}

const matchesPackage = (specifier: string, name: string): boolean =>
  specifier === name || specifier.startsWith(name.endsWith(':') ? name : `${name}/`);

const isTest = (file: string): boolean => /\.(test|itest|spec)\.tsx?$/.test(file);

/** What only tests import: the values that properties are tried with. */
const isTestSupport = (file: string): boolean => file.includes('/testing/');

/** Every import of the file that the layers do not allow. Tests may import anything of theirs plus the test engines. */
export function violationsOf(file: string, source: string): Violation[] {
  const layer = layerOf(file);
  if (layer === null) return [];
  const serverFile = file.startsWith('app/') && !/^['"]use client['"]/m.test(source);
  const found: Violation[] = [];
  for (const specifier of importsOf(source)) {
    const target = resolveInside(file, specifier);
    if (target === null) {
      if (isTest(file) || (isTestSupport(file) && specifier === 'fast-check')) continue;
      const forbidden = layer.forbiddenPackages?.find((name) => matchesPackage(specifier, name));
      const echartsHome = specifier.startsWith('echarts') && file !== 'components/charts/EChart.tsx';
      if (forbidden !== undefined || echartsHome) {
        found.push({
          file,
          imported: specifier,
          why: `${layer.name} must not import the package ${specifier}`,
        });
      } else if (layer.onlyPackages && !layer.onlyPackages.some((name) => matchesPackage(specifier, name))) {
        found.push({
          file,
          imported: specifier,
          why: `${layer.name} may import only ${layer.onlyPackages.join(', ')}`,
        });
      }
      continue;
    }
    const other = layerOf(`${target}/`.startsWith('prisma/generated/') ? `${target}/` : target);
    if (other === null || other.name === layer.name) continue;
    if (
      isTest(file) &&
      (other.name === 'clickhouse' ||
        other.name === 'prisma' ||
        other.name === 'lib/testing' ||
        other.name === 'lib/server')
    )
      continue;
    if (file.startsWith('clickhouse/testing/') || file.startsWith('prisma/testing/')) continue;
    if (!layer.mayImport.includes(other.name)) {
      found.push({ file, imported: specifier, why: `${layer.name} must not import ${other.name}` });
    } else if (other.name === 'lib/server' && layer.name === 'app' && !serverFile) {
      found.push({ file, imported: specifier, why: 'a client file of app must not import lib/server' });
    }
  }
  return found;
}
