/**
 * Compares two versions as dpkg does (deb-version(7)): epoch, upstream version, revision; in each, stretches of other characters
 * by letters before everything, `~` before the end, and numbers by value. Negative where `a` is older.
 */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return left.epoch - right.epoch || compareStretches(left.upstream, right.upstream) || compareStretches(left.revision, right.revision);
}

function partsOf(version: string): { readonly epoch: number; readonly upstream: string; readonly revision: string } {
  const text = version.trim();
  const colon = text.indexOf(':');
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(text.slice(0, colon)) || 0,
    upstream: hyphen === -1 ? rest : rest.slice(0, hyphen),
    revision: hyphen === -1 ? '' : rest.slice(hyphen + 1),
  };
}

function compareStretches(a: string, b: string): number {
  let [left, right] = [0, 0];
  while (left < a.length || right < b.length) {
    while ((left < a.length && !isDigit(a[left])) || (right < b.length && !isDigit(b[right]))) {
      const difference = orderOf(a[left]) - orderOf(b[right]);
      if (difference !== 0) return difference;
      left += 1;
      right += 1;
    }
    const [x, y] = [numberAt(a, left), numberAt(b, right)];
    const [m, n] = [x.replace(/^0+/, ''), y.replace(/^0+/, '')];
    if (m.length !== n.length) return m.length - n.length;
    if (m !== n) return m < n ? -1 : 1;
    left += x.length;
    right += y.length;
  }
  return 0;
}

function numberAt(text: string, from: number): string {
  let end = from;
  while (end < text.length && isDigit(text[end])) end += 1;
  return text.slice(from, end);
}

function isDigit(sign: string | undefined): boolean {
  return sign !== undefined && sign >= '0' && sign <= '9';
}

/** The end and digits are 0, `~` comes before them, letters before all other signs. */
function orderOf(sign: string | undefined): number {
  if (sign === undefined || isDigit(sign)) return 0;
  if (sign === '~') return -1;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
}
