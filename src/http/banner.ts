/** Fields by which servers and frameworks introduce themselves. */
export const BANNERS: readonly string[] = [
  'server',
  'via',
  'x-powered-by',
  'x-aspnet-version',
  'x-aspnetmvc-version',
  'x-generator',
  'x-drupal-version',
  'x-php-version',
  'x-owa-version',
  'x-jenkins',
  'x-mod-pagespeed',
  'x-page-speed',
  'microsoftsharepointteamservices',
  'liferay-portal',
];

/**
 * The version that a banner tells, or undefined. A bare number counts behind a slash only (`Apache/2`); the number before a
 * host in Via is the protocol's (RFC 9110 7.6.3), and an address there is no version.
 */
export function versionIn(name: string, value: string): string | undefined {
  if (/^x-(?:aspnet(?:mvc)?|drupal|php|owa)-version$|^x-jenkins$|pagespeed$|^x-page-speed$|^microsoftshare/.test(name))
    return /\d[\w.-]{0,60}/.exec(value)?.[0];
  const product = /\/(\d[\w.-]{0,60})(?![\w.-])/.exec(
    name === 'via' ? value.replaceAll(/(^|,)[\t ]*(?:\w{1,20}\/)?[\d.]{1,10}[\t ]/g, '$1') : value,
  )?.[1];
  if (product !== undefined && /^\d+(?:\.[\w-]+)*$/.test(product) && !/^\d+[A-Za-z]/.test(product)) return product;
  return name === 'via' ? undefined : /(?<![\w.])v?(\d{1,9}\.\d[\w.-]{0,60})/i.exec(value)?.[1];
}
