import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { REGIONS, type Region } from '../plan/regions';

/** The network whose routers the demo plays; the demo loads the same file as its operators' file. */
export const NETWORK_FILE = fileURLToPath(new URL('../../network.example.yaml', import.meta.url));

const day = z
  .union([z.string(), z.date()])
  .transform((d) => (typeof d === 'string' ? d : d.toISOString().slice(0, 10)));
const dated = <T extends z.ZodType>(value: T) =>
  z.union([
    value.transform((v) => [{ value: v, valid_from: undefined, valid_to: undefined }]),
    z.array(z.object({ value, valid_from: day.optional(), valid_to: day.optional() })),
  ]);
const schema = z.object({
  exporters: z.array(
    z.object({
      address: z.string(),
      name: z.string(),
      region: z.enum(REGIONS),
      sampling_rate: dated(z.number().int().positive()),
      active_timeout: z.number().default(1800),
    }),
  ),
  links: z.array(
    z.object({
      exporter: z.string(),
      interface: z.number().int(),
      name: z.string(),
      boundary: z.string().optional(),
      kind: z.string(),
      network_type: dated(z.string()).optional(),
    }),
  ),
});

export interface DemoLink {
  name: string;
  exporter: string;
  interface: number;
  kind: string;
}

/** What the demo needs to know of the example network. */
export interface DemoNetwork {
  link(name: string): DemoLink;
  /** Interface towards the other routers of our own. */
  backboneOf(exporter: string): number;
  /** The other exporter of the same region, which sees a flow once more on its backbone. */
  neighbour(exporter: string): string;
  samplingRate(exporter: string, seconds: number): number;
  /** The private line of a region that brings customers' data in. */
  onboardingLine(region: Region): DemoLink;
  /** True on the days on which the region's private line is marked Migration. */
  migrationOpen(region: Region, seconds: number): boolean;
  /** Least active timeout of all exporters, in seconds; no record of the demo reaches twice of it. */
  activeTimeout: number;
}

interface Dated<T> {
  value: T;
  valid_from?: string | undefined;
  valid_to?: string | undefined;
}

function valueOn<T>(values: readonly Dated<T>[], seconds: number): T | undefined {
  const date = new Date(seconds * 1000).toISOString().slice(0, 10);
  return values.find((v) => (v.valid_from ?? '') <= date && date <= (v.valid_to ?? '9999'))?.value;
}

/** @throws when the example network misses something the demo plays; names what */
export async function readDemoNetwork(file: string = NETWORK_FILE): Promise<DemoNetwork> {
  const config = schema.parse(parse(await readFile(file, 'utf8')));
  const missing = (what: string) =>
    new Error(`${what} is not in ${file}, and the demo plays it. Restore the file from the repository.`);
  const exporters = new Map(config.exporters.map((exporter) => [exporter.address, exporter]));
  const links = new Map(config.links.map((link) => [link.name, link]));
  const lines = new Map(
    REGIONS.map((region) => [
      region,
      config.links.find((link) => link.kind === 'private' && exporters.get(link.exporter)?.region === region),
    ]),
  );

  const link = (name: string): DemoLink => {
    const found = links.get(name);
    if (!found) throw missing(`Link ${name}`);
    return { name, exporter: found.exporter, interface: found.interface, kind: found.kind };
  };
  const lineOf = (region: Region) => {
    const line = lines.get(region);
    if (!line) throw missing(`A private link in ${region}`);
    return line;
  };
  return {
    link,
    backboneOf: (exporter) => {
      const found = config.links.find((l) => l.exporter === exporter && l.kind === 'backbone');
      if (!found) throw missing(`A backbone link of exporter ${exporter}`);
      return found.interface;
    },
    neighbour: (address) => {
      const region = exporters.get(address)?.region;
      const found = config.exporters.find((e) => e.region === region && e.address !== address);
      if (!found) throw missing(`A second exporter beside ${address}`);
      return found.address;
    },
    samplingRate: (address, seconds) => {
      const rate = valueOn(exporters.get(address)?.sampling_rate ?? [], seconds);
      if (rate === undefined) throw missing(`The sampling rate of exporter ${address}`);
      return rate;
    },
    onboardingLine: (region) => link(lineOf(region).name),
    migrationOpen: (region, seconds) => valueOn(lineOf(region).network_type ?? [], seconds) === 'Migration',
    activeTimeout: Math.min(...config.exporters.map((e) => e.active_timeout)),
  };
}
