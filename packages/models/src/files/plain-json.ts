/** Deeper than any record is nested. */
const DEEPEST = 100;

/** Something that JSON would change without a word, or that is nested too deep: where it is, and what. */
export interface NotPlain {
  readonly path: string;
  readonly got: string;
}

/** What plain JSON cannot hold of a value: numbers that are not finite, functions, instances of classes; null where it is plain. */
export function notPlain(value: unknown, path: string, depth = 0): NotPlain | null {
  if (value === null || typeof value === "boolean" || typeof value === "string") return null;
  // JSON writes -0 as 0.
  if (typeof value === "number")
    return Number.isFinite(value) ? null : { path, got: String(value) };
  if (depth > DEEPEST) return { path, got: `nesting deeper than ${DEEPEST}` };
  if (Array.isArray(value)) {
    for (let k = 0; k < value.length; k++) {
      const found = notPlain(value[k], `${path}[${k}]`, depth + 1);
      if (found !== null) return found;
    }
    return null;
  }
  if (typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return { path, got: typeof value };
  for (const [key, item] of Object.entries(value)) {
    const found = notPlain(item, `${path}.${key}`, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** A value of JSON, cut short for a message. */
export function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 80);
}
