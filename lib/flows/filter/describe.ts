import { DIMENSION_LABEL } from '../dimensions';
import { countryName } from './countries';
import type { Term } from './filter';
import { valuesOf } from './printFilter';
import { serviceName } from './services';

/** A term as people read it: what it is about, whether it leaves out, and its alternatives. */
export interface TermWords {
  /** `Network type` */
  about: string;
  exclude: boolean;
  /** each alternative, as `443 https`, `Germany`, `"google" in the name` */
  values: string[];
}

export function describeTerm(term: Term): TermWords {
  const label = DIMENSION_LABEL[term.dimension];
  return {
    about: `${label.charAt(0).toUpperCase()}${label.slice(1)}`,
    exclude: term.exclude,
    values: valueWords(term),
  };
}

function valueWords(term: Term): string[] {
  const printed = valuesOf(term).map((value) => value.replace(/^"(.*)"$/, '$1').replace(/\\(.)/g, '$1'));
  switch (term.kind) {
    case 'text':
      return term.texts.map((text) => `“${text}” in the name`);
    case 'names':
      if (term.dimension === 'ip') return term.names.map((name) => `IPv${name}`);
      if (term.dimension !== 'country') return term.names.map((name) => name || 'none');
      return term.names.map((code) => countryName(code) ?? (code || 'none'));
    case 'numbers':
      if (term.dimension !== 'servicePort') return printed;
      return printed.map((port) =>
        [port, /^\d+$/.test(port) ? serviceName(Number(port)) : null].filter(Boolean).join(' '),
      );
    case 'networks':
      return printed;
  }
}

/** Each alternative as a term of its own, to be taken away or asked about one by one. */
export function alternativesOf(term: Term): Term[] {
  switch (term.kind) {
    case 'names':
      return term.names.map((name) => ({ ...term, names: [name] }));
    case 'numbers':
      return term.ranges.flatMap(([first, last]) =>
        // As it prints: two neighbors stand apart.
        last === first + 1
          ? [first, last].map((number) => ({ ...term, ranges: [[number, number] as const] }))
          : [{ ...term, ranges: [[first, last] as const] }],
      );
    case 'networks':
      return term.networks.map((network) => ({ ...term, networks: [network] }));
    case 'text':
      return term.texts.map((text) => ({ ...term, texts: [text] }));
  }
}
