/** A text in both languages of the product. Renderers choose one; data carries both. */
export interface Localized {
  readonly en: string;
  readonly zh: string;
}

/** The languages a report can be written in. */
export type Language = keyof Localized;
