import { derived, known, unknown, type Fact } from '../model/fact.ts';

interface LifeCycle {
  /** Who says so: the makers, or what republishes their word. */
  readonly source: string;
  /** Series → last day on which its makers mend it for everybody, free of charge. Series whose end nobody has named are not here. */
  readonly ends: Readonly<Record<string, string>>;
}

/** When support ends, by product. A new series is a line here; until it stands here, its end is not known. */
const LIFE_CYCLES = {
  postgresql: {
    source: 'https://www.postgresql.org/support/versioning/',
    ends: {
      '9.0': '2015-10-08',
      '9.1': '2016-10-27',
      '9.2': '2017-11-09',
      '9.3': '2018-11-08',
      '9.4': '2020-02-13',
      '9.5': '2021-02-11',
      '9.6': '2021-11-11',
      '10': '2022-11-10',
      '11': '2023-11-09',
      '12': '2024-11-21',
      '13': '2025-11-13',
      '14': '2026-11-12',
      '15': '2027-11-11',
      '16': '2028-11-09',
      '17': '2029-11-08',
      '18': '2030-11-14',
    },
  },
  mariadb: {
    source: 'https://mariadb.org/about/#maintenance-policy',
    ends: {
      '5.5': '2020-04-11',
      '10.0': '2019-03-31',
      '10.1': '2020-10-17',
      '10.2': '2022-05-23',
      '10.3': '2023-05-25',
      '10.4': '2024-06-18',
      '10.5': '2025-06-24',
      '10.6': '2026-07-06',
      '10.7': '2023-02-14',
      '10.8': '2023-05-20',
      '10.9': '2023-08-22',
      '10.10': '2023-11-17',
      '10.11': '2028-02-16',
      '11.4': '2029-05-29',
    },
  },
  mysql: {
    source: 'https://www.oracle.com/us/support/library/lifetime-support-technology-069183.pdf',
    ends: {
      '5.5': '2018-12-31',
      '5.6': '2021-02-28',
      '5.7': '2023-10-31',
      '8.0': '2026-04-30',
      '8.1': '2023-10-25',
      '8.2': '2023-12-14',
      '8.3': '2024-04-10',
      '8.4': '2032-04-30',
    },
  },
  redis: {
    source: 'https://github.com/redis/redis/security',
    ends: { '5.0': '2022-04-27', '6.0': '2022-05-31', '7.0': '2024-07-29', '8.0': '2026-02-11' },
  },
  /** The free support of the LTS team included. */
  debian: {
    source: 'distro-info-data 0.58+deb12u6, debian.csv',
    ends: {
      '7': '2018-05-31',
      '8': '2020-06-30',
      '9': '2022-06-30',
      '10': '2024-06-30',
      '11': '2026-08-31',
      '12': '2028-06-30',
      '13': '2030-06-30',
    },
  },
  /** Standard support; what follows it is sold. */
  ubuntu: {
    source: 'distro-info-data 0.58+deb12u6, ubuntu.csv',
    ends: {
      '14.04': '2019-04-25',
      '16.04': '2021-04-30',
      '18.04': '2023-05-31',
      '20.04': '2025-05-29',
      '22.04': '2027-06-01',
      '24.04': '2029-05-31',
      '24.10': '2025-07-10',
      '25.04': '2026-01-15',
      '25.10': '2026-07-09',
      '26.04': '2031-05-29',
    },
  },
  /** Maintenance support; the extended one is sold. */
  rhel: {
    source: 'https://access.redhat.com/support/policy/updates/errata, by endoflife.date',
    ends: { '6': '2020-11-30', '7': '2024-06-30', '8': '2029-05-31', '9': '2032-05-31' },
  },
  /** CentOS Linux; Stream has versions of the same numbers, and another end. */
  centos: { source: 'https://wiki.centos.org/About/Product', ends: { '6': '2020-11-30', '7': '2024-06-30' } },
  rocky: {
    source: 'https://wiki.rockylinux.org/rocky/version/, by endoflife.date',
    ends: { '8': '2029-05-31', '9': '2032-05-31' },
  },
  almalinux: {
    source: 'https://wiki.almalinux.org/release-notes/, by endoflife.date',
    ends: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
  },
  anolis: {
    source: 'https://gitee.com/anolis/rnotes/blob/master/anolis/policy/life-cycle.md, by endoflife.date',
    ends: { '8': '2031-03-31' },
  },
  /** Each service pack has an end of its own (the last day of the month that is planned): `24.03.3` is 24.03 LTS SP3. */
  openEuler: {
    source: 'https://www.openeuler.org/en/download/archive/, by endoflife.date',
    ends: {
      '20.03.0': '2021-03-31',
      '20.03.1': '2022-12-31',
      '20.03.2': '2022-04-30',
      '20.03.3': '2023-12-31',
      '20.03.4': '2025-11-30',
      '22.03.0': '2024-03-31',
      '22.03.1': '2024-12-31',
      '22.03.2': '2024-03-31',
      '22.03.3': '2025-12-31',
      '22.03.4': '2026-06-30',
      '24.03.0': '2026-05-31',
      '24.03.1': '2026-12-31',
      '24.03.2': '2026-03-31',
      '24.03.3': '2027-12-31',
      '24.03.4': '2027-03-31',
      '24.09': '2025-03-31',
      '25.03': '2025-09-30',
      '25.09': '2026-03-31',
      '26.09': '2027-03-31',
    },
  },
} as const satisfies Readonly<Record<string, LifeCycle>>;

/** Products whose life is known here. */
export type LifeCycleProduct = keyof typeof LIFE_CYCLES;

/**
 * Last day on which the makers of a product mend a version. A series that is not in the table is unknown: it may be newer than
 * the table, and never is it taken for its neighbour. A version before its release (`19beta1`) belongs to no series.
 */
export function supportedUntil(product: LifeCycleProduct, version: Fact<string>): Fact<string> {
  if (version.state !== 'known') return version.state === 'unknown' ? version : unknown('unresolved', `end of life of ${product}`);
  const { source, ends }: LifeCycle = LIFE_CYCLES[product];
  const [, number = '', rest = ''] = /^(\d+(?:\.\d+)*)(.*)$/.exec(version.value) ?? [];
  const parts = /^[a-z]/i.test(rest) ? [] : number.split('.');
  for (let length = parts.length; length > 0; length -= 1) {
    const series = parts.slice(0, length).join('.');
    const end = Object.hasOwn(ends, series) ? ends[series] : undefined;
    if (end !== undefined) return known(`${end}T00:00:00Z`, derived(`end of life of ${product} ${series} (${source})`, version.origin));
  }
  return unknown('unresolved', `end of life of ${product} ${version.value}`.slice(0, 80), version.origin);
}
