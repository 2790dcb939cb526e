import type { ScoreInterval, Verdict } from '../model/assessment.ts';
import { atLeast } from '../model/control.ts';
import { isForgiven, isUndecided, type Finding } from '../model/finding.ts';
import type { Localized } from '../model/localized.ts';
import type { Gate } from '../model/plan.ts';

/** The one gate that decides the exit code, whatever the format. Counts as findings are made. */
export class Gatekeeper {
  readonly #gate: Gate;
  #failed = 0;
  #undecided = 0;
  #errors = 0;

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  add(finding: Finding): void {
    const { outcome } = finding;
    if (!atLeast(finding.severity, this.#gate.failOn)) return;
    // Whatever the gate names: what could not be computed is nobody's to allow.
    if (outcome === 'error') this.#errors += 1;
    else if (isForgiven(finding)) return;
    else if (outcome === 'fail') this.#failed += 1;
    else if (isUndecided(outcome) && this.#gate.undecided.includes(outcome)) this.#undecided += 1;
  }

  /** 1 before 2 before 0. Both reasons are given where both hold. `accepted` leaves waived failures out. */
  verdict(accepted: ScoreInterval, judged: boolean): Verdict {
    const { minScore, failOn, allowUndecided } = this.#gate;
    const fails: Localized[] = [];
    const open: Localized[] = [];
    if (this.#failed > 0) {
      fails.push({
        en: `${this.#failed} finding${this.#failed === 1 ? '' : 's'} at or above ${failOn}`,
        zh: `${this.#failed} 项发现达到或高于“${SEVERITY_ZH[failOn]}”`,
      });
    }
    if (minScore !== undefined && accepted.high < minScore) {
      fails.push({ en: `score is at most ${accepted.high}, below ${minScore}`, zh: `得分至多为 ${accepted.high}，低于 ${minScore}` });
    } else if (minScore !== undefined && accepted.low < minScore && !allowUndecided) {
      open.push({
        en: `score is at least ${accepted.low}, not proven to reach ${minScore}`,
        zh: `得分至少为 ${accepted.low}，未证明达到 ${minScore}`,
      });
    }
    if (this.#undecided > 0 && !allowUndecided) {
      open.push({
        en: `${this.#undecided} not determined at or above ${failOn}`,
        zh: `${this.#undecided} 项达到或高于“${SEVERITY_ZH[failOn]}”的检查未能判定`,
      });
    }
    if (this.#errors > 0) open.push({ en: `${this.#errors} could not be computed`, zh: `${this.#errors} 项无法计算` });
    if (!judged) open.push({ en: 'nothing was judged', zh: '没有任何内容被判定' });
    const reasons = [...fails, ...open];
    return { exitCode: fails.length > 0 ? 1 : open.length > 0 ? 2 : 0, reasons };
  }
}

const SEVERITY_ZH = { critical: '严重', high: '高', medium: '中', low: '低', info: '提示' } as const;
