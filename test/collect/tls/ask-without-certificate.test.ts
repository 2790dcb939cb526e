import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, HostGate } from '../../../src/collect/limits.ts';
import { askWithoutCertificate } from '../../../src/collect/tls/ask-without-certificate.ts';
import { HostLine } from '../../../src/collect/tls/host-line.ts';
import { unknown, type Unknown } from '../../../src/model/fact.ts';
import type { HttpAnswer, HttpRequest } from '../../../src/world/network.ts';
import { fakeNetwork } from '../../support/fake-network.ts';

const NGINX = '<html><head><title>400 No required SSL certificate was sent</title></head></html>';

function lineTo(answer: HttpAnswer | Unknown, connections = 150): { readonly line: HostLine; readonly requests: HttpRequest[] } {
  const requests: HttpRequest[] = [];
  const network = {
    ...fakeNetwork(() => ({ then: 'end' })),
    request: (request: HttpRequest) => {
      requests.push(request);
      return Promise.resolve(answer);
    },
  };
  const limits = { ...DEFAULT_LIMITS, connections };
  const destination = { address: '2001:db8::1', port: 8443, name: 'pay.example' };
  return { line: new HostLine(network, destination, limits, new HostGate(limits), new AbortController().signal), requests };
}
const answer = (status: number, body = ''): HttpAnswer => ({ status, headers: [], body: new TextEncoder().encode(body), cut: false });

describe('a handshake that goes through without the certificate that was asked for', () => {
  test.each([
    [answer(400, NGINX), 'required'],
    [answer(496), 'required'],
    [answer(200), 'optional'],
    [answer(302), 'optional'],
    [answer(404), 'optional'],
  ])('%j', async (said, value) => {
    const { line, requests } = lineTo(said);
    const told = `handshake; GET / → status ${'status' in said ? said.status : ''}`;
    expect(await askWithoutCertificate(line, 'https', 'handshake')).toEqual({ state: 'seen', value, exchange: told });
    expect(requests.map(({ url, address, method }) => [method, url, address])).toEqual([
      ['GET', 'https://pay.example:8443/', '2001:db8::1'],
    ]);
    expect(line.made).toBe(1);
  });

  test.each([
    [answer(400, 'Bad Request'), 'unresolved'],
    [answer(403, NGINX), 'unresolved'],
    [answer(401), 'unresolved'],
    [answer(429), 'unresolved'],
    [answer(500), 'unresolved'],
    [answer(495), 'unresolved'],
    [unknown('timed-out', 'x'), 'timed-out'],
    [unknown('refused', 'x'), 'refused'],
    [unknown('access-denied', 'x'), 'access-denied'],
  ])('%j tells nothing', async (said, cause) => {
    expect(await askWithoutCertificate(lineTo(said).line, 'https', 'handshake')).toMatchObject({ state: 'unknown', why: { cause } });
  });

  test('other services are not asked, nor is one whose connections are spent', async () => {
    for (const service of ['tls', 'smtp', 'postgres']) {
      const { line, requests } = lineTo(answer(200));
      expect(await askWithoutCertificate(line, service, 'handshake')).toMatchObject({ state: 'unknown', why: { cause: 'unsupported' } });
      expect(requests).toEqual([]);
    }
    const { line, requests } = lineTo(answer(200), 0);
    expect(await askWithoutCertificate(line, 'https', 'handshake')).toMatchObject({ state: 'unknown', why: { cause: 'not-collected' } });
    expect(requests).toEqual([]);
  });
});
