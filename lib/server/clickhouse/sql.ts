import 'server-only';

/** ClickHouse types that a value can be bound as. */
export type ParameterType =
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'String'
  | "DateTime('UTC')"
  | "DateTime64(3, 'UTC')"
  | 'Array(String)'
  | 'IPv6'
  | 'Array(UInt8)'
  | 'Array(UInt16)'
  | 'Array(IPv6)'
  | 'Array(UInt32)'
  | 'Array(UInt64)';

/** A value that travels beside the statement, never in it. */
export interface Parameter {
  kind: 'parameter';
  type: ParameterType;
  value: string | number | readonly string[] | readonly number[];
}

/** A statement or a piece of one. Only the tag and closed maps make it, so no string from outside can become SQL. */
export interface Sql {
  kind: 'sql';
  pieces: readonly (string | Parameter)[];
}

/** SQL text with parameters and nested pieces: sql`SELECT ${column('type')} WHERE region IN ${strings(names)}`. */
export function sql(texts: TemplateStringsArray, ...holes: readonly (Sql | Parameter)[]): Sql {
  const pieces: (string | Parameter)[] = [];
  texts.forEach((text, index) => {
    pieces.push(text);
    const hole = holes[index];
    if (hole === undefined) return;
    if (hole.kind === 'sql') pieces.push(...hole.pieces);
    else pieces.push(hole);
  });
  return { kind: 'sql', pieces };
}

/** Nothing, where a piece is not needed. */
export const NOTHING: Sql = sql``;

/** Pieces one after another, with a separator of fixed text. */
export function join(
  pieces: readonly Sql[],
  separator: ', ' | ' AND ' | ' OR ' | '\nUNION ALL\n' | '\n',
): Sql {
  return {
    kind: 'sql',
    pieces: pieces.flatMap((piece, index) => (index === 0 ? piece.pieces : [separator, ...piece.pieces])),
  };
}

/**
 * A closed map from names of ours to SQL. The map is written in the source; a name that is not in it does not compile, and throws where it
 * comes in untyped.
 */
export function closedMap<Name extends string>(map: Readonly<Record<Name, Sql>>): (name: Name) => Sql {
  return (name) => {
    if (!Object.hasOwn(map, name)) throw new Error(`"${name}" is not one of ${Object.keys(map).join(', ')}`);
    return map[name];
  };
}

function parameter(type: ParameterType, value: Parameter['value']): Parameter {
  return { kind: 'parameter', type, value };
}

// ClickHouse reads an instant from ten digits; fewer would be a year.
const tenDigits = (epochSeconds: number) => String(epochSeconds).padStart(10, '0');

/** An instant in epoch seconds. */
export const instant = (epochSeconds: number): Parameter =>
  parameter("DateTime('UTC')", tenDigits(epochSeconds));
/** An instant in epoch seconds, for columns of milliseconds. */
export const instant64 = (epochSeconds: number): Parameter =>
  parameter("DateTime64(3, 'UTC')", `${tenDigits(epochSeconds)}.000`);
export const text = (value: string): Parameter => parameter('String', value);
export const texts = (values: readonly string[]): Parameter => parameter('Array(String)', values);
export const uint8 = (value: number): Parameter => parameter('UInt8', value);
export const uint8s = (values: readonly number[]): Parameter => parameter('Array(UInt8)', values);
export const uint16 = (value: number): Parameter => parameter('UInt16', value);
export const uint16s = (values: readonly number[]): Parameter => parameter('Array(UInt16)', values);
export const uint32 = (value: number): Parameter => parameter('UInt32', value);
export const uint32s = (values: readonly number[]): Parameter => parameter('Array(UInt32)', values);
/** An address as columns hold it: IPv4 within IPv6, `::ffff:192.0.2.1`. */
export const ipv6 = (value: string): Parameter => parameter('IPv6', value);
export const ipv6s = (values: readonly string[]): Parameter => parameter('Array(IPv6)', values);
export const uint64 = (value: number): Parameter => parameter('UInt64', value);
/** Up to 2^53, as numbers are exact. */
export const uint64s = (values: readonly number[]): Parameter => parameter('Array(UInt64)', values);

export interface CompiledSql {
  /** with {p1:Type}, {p2:Type} … in order of first use */
  query: string;
  parameters: Record<string, Parameter['value']>;
}

/** Numbers the parameters; equal values of equal type share a number, so equal statements are equal strings. */
export function compile(statement: Sql): CompiledSql {
  const names = new Map<string, string>();
  const parameters: CompiledSql['parameters'] = {};
  let query = '';
  for (const piece of statement.pieces) {
    if (typeof piece === 'string') {
      query += piece;
      continue;
    }
    const key = `${piece.type} ${JSON.stringify(piece.value)}`;
    const name = names.get(key) ?? `p${names.size + 1}`;
    names.set(key, name);
    parameters[name] = piece.value;
    query += `{${name}:${piece.type}}`;
  }
  return { query, parameters };
}
