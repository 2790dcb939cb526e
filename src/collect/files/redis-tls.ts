import { absent, known, unknown, type Fact } from '../../model/fact.ts';
import type { Resource } from '../../model/resource.ts';
import { tlsListener } from '../../resources/tls-listener.ts';
import { isFilledIn } from '../../text/template.ts';
import { redisListenerFacts } from '../redis-listener.ts';
import { declared, type FormatContext } from './format.ts';
import { integer, lastOf, originOfDirective, redisSetting, yesNo, type RedisSettings } from './redis-settings.ts';

/** How an instance speaks TLS by its file. */
export function redisListener(settings: RedisSettings, context: FormatContext, port: Fact<number>, name: string): Resource {
  const facts = redisListenerFacts(
    {
      at: settings.main.origin(0, 0),
      protocols: redisSetting(settings, context, 'tls-protocols', (text) => text.split(/\s+/), [
        { since: '6.0', value: ['TLSv1.2', 'TLSv1.3'] },
      ]),
      ciphers: ciphersOf(settings),
      serverPreference: redisSetting(settings, context, 'tls-prefer-server-ciphers', yesNo, [{ since: '6.0', value: false }]),
      dhParameters: dhParametersOf(settings),
      sessionLifetime: redisSetting(settings, context, 'tls-session-cache-timeout', integer, [{ since: '6.0', value: 300 }]),
      clients: redisSetting(settings, context, 'tls-auth-clients', (text) => text, [{ since: '6.0', value: 'yes' }]),
      openssl: context.version('openssl'),
    },
    port,
  );
  return declared(tlsListener, name, context.target, facts);
}

function ciphersOf(settings: RedisSettings): Fact<string> {
  const ciphers = lastOf(settings, 'tls-ciphers');
  if (ciphers === undefined) return absent(settings.main.origin(0, 0));
  if ('state' in ciphers) return ciphers;
  const at = originOfDirective(ciphers);
  const text = ciphers.words[0]?.text ?? '';
  return isFilledIn(text) ? unknown('unresolved', 'tls-ciphers: a value that is filled in elsewhere', at) : known(text, at);
}

function dhParametersOf(settings: RedisSettings): Fact<string> {
  const parameters = lastOf(settings, 'tls-dh-params-file');
  if (parameters === undefined) return absent(settings.main.origin(0, 0));
  return 'state' in parameters ? parameters : known(parameters.words[0]?.text ?? '', originOfDirective(parameters));
}
