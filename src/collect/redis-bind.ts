/** A bind address that only this machine reaches; `-` before it: it need not exist. */
export function isLoopbackBind(address: string): boolean {
  return /^-?(?:127\.\d+\.\d+\.\d+|::1|localhost)$/.test(address);
}

/** A bind address that stands for every one of its family. */
export function isWildcardBind(address: string): boolean {
  return /^-?(?:0\.0\.0\.0|::\*?|\*)$/.test(address);
}
