import { unknown } from '../../model/fact.ts';
import type { HostLine } from './host-line.ts';
import { seen, unseen, type Observation } from './observation.ts';

/** What nginx says with status 400 to every request of a virtual server that verifies clients: its own code for it is 496. */
const NGINX_INSISTS = /No required SSL certificate was sent/;
const NGINX_NO_CERTIFICATE = 496;

/**
 * A certificate was asked for, and the handshake went through without one. That is no word yet on what follows: nginx, and
 * whatever authenticates after the handshake, refuses then. A web server is asked by one GET of its first page; what other
 * services do is not known. Benign: the request changes nothing.
 */
export async function askWithoutCertificate(line: HostLine, service: string, handshake: string): Promise<Observation['clientCertificate']> {
  if (service !== 'https')
    return unseen(unknown('unsupported', `a handshake goes through without a certificate; what follows is not asked of ${service}`));
  const answer = await line.get('/');
  if ('state' in answer) return unseen(answer);
  const { status, body } = answer;
  const told = `${handshake}; GET / → status ${status}`;
  if (status === NGINX_NO_CERTIFICATE || (status === 400 && NGINX_INSISTS.test(new TextDecoder('latin1').decode(body))))
    return seen('required', told);
  if ((status >= 200 && status < 400) || status === 404) return seen('optional', told);
  return unseen(unknown('unresolved', `without a certificate: status ${status}`));
}
