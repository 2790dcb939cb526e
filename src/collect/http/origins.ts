import { known, unknown, type Fact, type Unknown } from '../../model/fact.ts';
import { fieldsOf, type Exchange } from './exchange.ts';
import type { SiteFacts } from '../site-policies.ts';
import { speaking } from './outage.ts';
import type { Answers } from './answers.ts';
import { HOSTILE_ORIGIN, TRACE_MARK } from './questions.ts';

type OriginFacts = Pick<
  SiteFacts,
  'cors_any_origin_with_credentials' | 'cors_reflects_origin' | 'cors_accepts_null' | 'trace_enabled' | 'methods'
>;

/**
 * Which origins and methods are let in. A site that answers a GET from a foreign origin without letting it in does not; an
 * answer that did not come, or shows an outage, proves nothing.
 */
export function originFacts({ page, more }: Answers): OriginFacts {
  const unasked = unknown('not-collected', 'it answers with a redirect', page.last.origin);
  const answers = [more?.hostile, more?.nobody, page.last].map((one) => speaking(one, unasked));
  const options = more?.options ?? unasked;
  return {
    cors_any_origin_with_credentials: lets([...answers, ...('answer' in options ? [options] : [])], anyWithCredentials),
    cors_reflects_origin: lets([speaking(more?.hostile, unasked), ...('answer' in options ? [options] : [])], (one) =>
      allowed(one).includes(HOSTILE_ORIGIN),
    ),
    cors_accepts_null: lets([speaking(more?.nobody, unasked)], (one) => allowed(one).includes('null')),
    trace_enabled: traced(speaking(more?.trace, unasked)),
    methods: methodsOf(speaking(more?.options, unasked), more?.trace),
  };
}

function allowed(one: Exchange): readonly string[] {
  return fieldsOf(one)('access-control-allow-origin').values.map(({ value }) => value.trim());
}

/** Browsers refuse `*` beside credentials; who writes it means to let everybody in with them, and other clients may. */
function anyWithCredentials(one: Exchange): boolean {
  const credentials = fieldsOf(one)('access-control-allow-credentials').values.some(({ value }) => value.trim() === 'true');
  return credentials && allowed(one).includes('*');
}

/** One answer that lets it in is enough; that none does takes all of them. */
function lets(answers: readonly (Exchange | Unknown)[], test: (one: Exchange) => boolean): Fact<boolean> {
  const exchanges = answers.filter((one) => 'answer' in one);
  const yes = exchanges.find(test);
  if (yes !== undefined) return known(true, yes.origin);
  const unclear = answers.find((one) => 'state' in one);
  if (unclear !== undefined) return unclear;
  return exchanges[0] === undefined ? unknown('not-collected', 'CORS') : known(false, exchanges[0].origin);
}

/** RFC 9110 9.3.8: the request comes back as the body. */
function traced(trace: Exchange | Unknown): Fact<boolean> {
  if ('state' in trace) return trace;
  const { body, cut, status } = trace.answer;
  if (status < 200 || status > 299) return known(false, trace.origin);
  if (Buffer.from(body).includes(TRACE_MARK)) return known(true, trace.origin);
  const encoded = fieldsOf(trace)('content-encoding').values.some(({ value }) => value.trim().toLowerCase() !== 'identity');
  return cut || encoded ? unknown('unsupported', 'the answer is compressed or too long', trace.origin) : known(false, trace.origin);
}

/** Allow, of the answer to OPTIONS or of a refusal (RFC 9110 10.2.1). */
function methodsOf(options: Exchange | Unknown, trace: Exchange | Unknown | undefined): SiteFacts['methods'] {
  const named = [options, trace].flatMap((one) => {
    const [value] = one === undefined || 'state' in one ? [] : fieldsOf(one)('allow').values;
    return value === undefined ? [] : [value];
  });
  const [value] = named;
  if (value === undefined) return 'state' in options ? options : { state: 'absent', origin: options.origin };
  const words = value.value
    .split(',')
    .map((word) => word.trim().toUpperCase())
    .filter((word) => /^[A-Z-]{1,40}$/.test(word));
  return known(
    [...new Set(words)].map((word) => known(word, value.origin)),
    value.origin,
  );
}
