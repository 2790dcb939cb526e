import { InvalidInput, type Diagnostic } from '../catalog/diagnostic.ts';

/** What is wrong with the policy, and the absolute path of the directory that its files are seen from. */
export class InvalidPolicy extends InvalidInput {
  readonly base: string;

  constructor(diagnostics: readonly Diagnostic[], base: string) {
    super(diagnostics);
    this.name = 'InvalidPolicy';
    this.base = base;
  }
}
