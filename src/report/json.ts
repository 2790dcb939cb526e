import { canonicalJson, canonicalPieces } from '../model/canonical.ts';
import type { Renderer } from './renderer.ts';

/** The whole assessment as one JSON object: the summary's fields, then `findings`, one a line, streamed. */
export const renderJson: Renderer = function* (summary, findings) {
  // The last piece closes the object, which goes on here.
  let held = '';
  for (const piece of canonicalPieces(summary, 2)) {
    yield held;
    held = piece;
  }
  yield ',\n  "findings": [';
  let first = true;
  for (const finding of findings) {
    yield `${first ? '\n' : ',\n'}    ${canonicalJson(finding)}`;
    first = false;
  }
  yield first ? ']\n}\n' : '\n  ]\n}\n';
};

/** JSON Lines: a header, one finding a line, the summary last. No size is too large for it. */
export const renderJsonLines: Renderer = function* (summary, findings) {
  yield `${JSON.stringify({ format: 'custos-assessment-lines', version: 1 })}\n`;
  for (const finding of findings) yield `${canonicalJson(finding)}\n`;
  yield* canonicalPieces({ summary });
  yield '\n';
};
