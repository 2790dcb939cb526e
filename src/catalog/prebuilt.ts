import type { ControlDefinition } from '../model/control.ts';
import type { YamlNode } from '../text/yaml.ts';
import type { RegisterEntry } from './register.ts';

/** The bundled catalogue as it was read, and found sound, when this package was built. Plain data. */
export interface Prebuilt {
  /** Of all its files: nothing here counts once a byte of them has changed. */
  readonly digest: string;
  readonly controls: readonly ControlDefinition[];
  readonly register: Readonly<Record<string, RegisterEntry>>;
  /** By file. */
  readonly profiles: Readonly<Record<string, { readonly root: YamlNode; readonly plain: unknown }>>;
}

/** Not there in a checkout, where files are edited: the build puts it in this place (tsdown.config.ts). */
export const PREBUILT: Prebuilt | undefined = undefined;
