import type { Unknown } from '../../model/fact.ts';
import { idsSensor } from '../../resources/ids-sensor.ts';
import type { HostPart } from './part.ts';
import { aideSensor } from './sensors/aide.ts';
import { clamavSensor } from './sensors/clamav.ts';
import { fail2banSensor } from './sensors/fail2ban.ts';
import { modsecuritySensor } from './sensors/modsecurity.ts';
import type { SensorReading } from './sensors/sensor.ts';
import { suricataSensor } from './sensors/suricata.ts';

const SENSORS: Readonly<Record<string, SensorReading>> = {
  aide: aideSensor,
  clamav: clamavSensor,
  fail2ban: fail2banSensor,
  modsecurity: modsecuritySensor,
  suricata: suricataSensor,
};

/** What watches a host for intrusion and change. A product whose settings may not be read may be there all the same. */
export const idsSensorPart: HostPart = {
  name: 'detection',
  kinds: [idsSensor.name],
  read: async (context) => {
    const resources = [];
    const gaps: { readonly why: Unknown }[] = [];
    for (const [engine, read] of Object.entries(SENSORS)) {
      const facts = await read(context);
      if (facts === 'not-there') continue;
      if (facts.state === 'unknown') gaps.push({ why: facts });
      else resources.push(context.resource(idsSensor, engine, facts.facts));
    }
    return { resources, gaps };
  },
};
