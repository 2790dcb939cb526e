/** What is known of a packet that is led through the rules: the first of a connection, from an address nobody chose. */
export interface Packet {
  readonly version: 4 | 6;
  /** `other` is a protocol that no rule is likely to name. */
  readonly protocol: 'tcp' | 'udp' | 'other';
  readonly source: bigint;
  readonly sourcePort: number;
  /** Undefined where the host has several and any may be meant. */
  readonly destination: bigint | undefined;
  readonly port: number;
  /** Network interface it comes in by. */
  readonly interface: string;
  /** Network interface it leaves by, `UNCLEAR` where that is not known; a packet for the host itself leaves by none. */
  readonly leaves: string | undefined;
  /** It is one that no rule is about: what can only hold for some hold not for it. */
  readonly unnamed?: true;
}

/** No interface has this name. */
export const UNCLEAR = '?';

/** Does a condition hold? `unclear` where the packet, or we, cannot tell. */
export type Answer = boolean | 'unclear';

/** How a condition narrows what it lets through. */
export type Narrowing =
  | 'everything' // not at all: every address, a whole transport, new connections
  | 'loopback' // the host itself
  | 'answers' // packets of connections that are allowed already
  | 'messages' // ICMP and the like: no service
  | 'interface' // one network, whichever that is
  | 'narrow'
  | 'unclear';

/** One condition of a rule. */
export interface Condition {
  readonly text: string;
  readonly narrowing: Narrowing;
  readonly test: (packet: Packet) => Answer;
  /** It holds for addresses that come and go (a set that rules fill, `recent`): no arbitrary one is in it until something puts it there. */
  readonly fills?: true;
  /** Ports of the host that it names. */
  readonly ports?: readonly Interval[];
  /** Source ports that it names: the sender chooses them. */
  readonly sourcePorts?: readonly Interval[];
  /** It asks for the sender's address. */
  readonly asksSource?: true;
  /** Interfaces that it names. */
  readonly interfaces?: readonly string[];
}

/** From and to, both included. */
export type Interval = readonly [from: bigint, to: bigint];

/** `a && b` of answers. */
export function both(answers: readonly Answer[]): Answer {
  return answers.includes(false) ? false : answers.includes('unclear') ? 'unclear' : true;
}

/** `!a`. */
export function not(answer: Answer): Answer {
  return answer === 'unclear' ? 'unclear' : !answer;
}
