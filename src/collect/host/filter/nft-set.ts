import { condition, unclearCondition, type Members } from './condition.ts';
import type { NftToken } from './nft-tokens.ts';
import { both, not, type Condition } from './packet.ts';

/** Sets and maps of a table: an element's key (parts of a concatenation) and, in a map, what stands behind the colon. */
export interface NftSet {
  readonly elements: { readonly key: readonly string[]; readonly to: readonly NftToken[] }[];
  complete: boolean;
  fills: boolean;
}

/** A condition over one key, or over several that are compared together. */
export function matchOf(
  keys: readonly string[],
  negated: boolean,
  value: { readonly set: () => NftSet; readonly label: string },
): Condition {
  const [first = ''] = keys;
  if (keys.length === 1) {
    const members = (): Members => {
      const { elements, complete, fills } = value.set();
      return {
        values: elements.flatMap(({ key }) => (key.length === 1 ? key : [])),
        complete: complete && elements.every(({ key }) => key.length === 1),
        fills,
      };
    };
    return condition(first, negated, members, value.label);
  }
  const { elements, complete, fills } = value.set();
  const rows = elements.map(({ key }) =>
    keys.map((one, index) => {
      const part = key[index];
      return part === undefined || key.length !== keys.length
        ? unclearCondition(one)
        : condition(one, false, () => ({ values: [part], complete: true, fills: false }), part);
    }),
  );
  const source = keys.some((key) => key.endsWith('saddr'));
  return {
    text: `${keys.join(' . ')} ${negated ? '!= ' : ''}${value.label}`,
    narrowing: 'narrow',
    ...(source ? { asksSource: true as const } : {}),
    ...(fills ? { fills: true as const } : {}),
    ports: rows.flatMap((row) => row.flatMap(({ ports = [] }) => ports)),
    sourcePorts: rows.flatMap((row) => row.flatMap(({ sourcePorts = [] }) => sourcePorts)),
    interfaces: rows.flatMap((row) => row.flatMap(({ interfaces = [] }) => interfaces)),
    test: (packet) => {
      const answers = rows.map((row) => both(row.map(({ test }) => test(packet))));
      const found = answers.includes(true) ? true : answers.includes('unclear') || !complete ? 'unclear' : false;
      return negated ? not(found) : found;
    },
  };
}

/** The elements inside of the braces of a set or map. */
export function elementsOf(tokens: readonly NftToken[]): NftSet {
  const set: NftSet = { elements: [], complete: true, fills: false };
  let depth = 0;
  let element: NftToken[] = [];
  const finish = (): void => {
    if (element.length > 0) addElement(set, element);
    element = [];
  };
  for (const token of tokens) {
    if (token.text === '{') depth += 1;
    if (token.text === '}') depth -= 1;
    if (depth === 0 && token.text === ',' && token.kind === 'sign') finish();
    else if (token.kind !== 'end') element.push(token);
  }
  finish();
  return set;
}

function addElement(set: NftSet, tokens: readonly NftToken[]): void {
  const key: string[] = [];
  let to: readonly NftToken[] = [];
  for (const [at, token] of tokens.entries()) {
    const { text, kind } = token;
    const colon = /^(.+):(accept|drop|continue|return|jump|goto)$/.exec(text);
    if (text === ':') {
      to = tokens.slice(at + 1);
      break;
    }
    if (colon !== null && kind === 'word') {
      key.push(colon[1] ?? '');
      to = [{ ...token, text: colon[2] ?? '' }, ...tokens.slice(at + 1)];
      break;
    }
    if (text === '.') continue;
    if (/^(?:timeout|expires|counter|comment|limit|ct|quota|last)$/.test(text) && key.length > 0) {
      if (text === 'timeout' || text === 'expires') set.fills = true;
      const after = tokens.findIndex(({ text: word }, index) => index > at && word === ':');
      if (after !== -1) to = tokens.slice(after + 1);
      break;
    }
    if (kind === 'sign' || text.startsWith('@') || text.startsWith('$')) {
      set.complete = false;
      return;
    }
    key.push(text);
  }
  set.elements.push({ key, to });
}
