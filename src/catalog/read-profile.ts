import type { ParameterValue, Severity } from '../model/control.ts';
import type { Localized } from '../model/localized.ts';
import type { Gate } from '../model/plan.ts';
import { profileSchema } from '../schema/profile.ts';
import type { SourceText } from '../text/source-text.ts';
import type { Reporter } from './diagnostic.ts';
import { readDocument, type YamlDocument } from './yaml-document.ts';

/** Which controls: the union of all that is named. */
export interface Selection {
  readonly all?: true;
  readonly ids?: readonly string[];
  readonly families?: readonly string[];
  readonly severities?: readonly Severity[];
  readonly tags?: readonly string[];
  readonly references?: readonly string[];
}

export type ByControl = { readonly [control: string]: { readonly [parameter: string]: ParameterValue } };

/** What a file of policy may say of the gate. */
export type GateSettings = Partial<Pick<Gate, 'failOn' | 'minScore' | 'undecided'>>;

/** A profile's YAML file. */
export interface ProfileFile {
  readonly id: string;
  readonly title: Localized;
  readonly description?: Localized;
  readonly extends?: readonly string[];
  readonly select?: Selection;
  readonly exclude?: Selection;
  readonly parameters?: ByControl;
  readonly bounds?: ByControl;
  readonly weights?: { readonly [control: string]: { readonly weight: number; readonly reason: string } };
  readonly expects?: readonly { readonly kind: string; readonly atLeast?: number }[];
  readonly labels?: { readonly [label: string]: string };
  readonly gate?: GateSettings;
}

/** A profile, with the document that errors point into. */
export interface Profile extends ProfileFile {
  readonly document: YamlDocument;
}

function isProfileFile(plain: unknown): plain is ProfileFile {
  return typeof plain === 'object'; // the schema has been checked
}

/** Reads a profile. What it names is checked against the catalogue when it is resolved. */
export function readProfile(source: SourceText, reporter: Reporter): Profile | undefined {
  const document = readDocument(source, profileSchema, reporter);
  return document === undefined ? undefined : profileOf(document);
}

/** The profile that a document of its schema's shape holds. */
export function profileOf(document: YamlDocument): Profile | undefined {
  return isProfileFile(document.plain) ? { ...document.plain, document } : undefined;
}
