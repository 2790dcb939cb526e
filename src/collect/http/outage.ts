import { unknown, type Unknown } from '../../model/fact.ts';
import { isOutage, type Exchange } from './exchange.ts';

/** A 5xx or 429 answer shows the outage, not the site: what the site itself would send is not known. */
export function outage({ answer, origin }: Exchange): Unknown {
  return unknown('unresolved', `status ${answer.status}`, origin);
}

/** An exchange whose answer speaks for the site; otherwise why there is none. */
export function speaking(exchange: Exchange | Unknown | undefined, asked: Unknown): Exchange | Unknown {
  if (exchange === undefined) return asked;
  return 'state' in exchange || !isOutage(exchange) ? exchange : outage(exchange);
}
