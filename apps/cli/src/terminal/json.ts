import type { JsonValue } from "@mclnn/physics";

/**
 * A value as plain JSON: numbers that do not exist (NaN, infinities) become null, typed arrays become arrays,
 * `undefined` members are left out.
 */
export function plainJson(value: unknown): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map(plainJson);
  if (ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<number>, plainJson);
  if (typeof value === "object") {
    const out: Record<string, JsonValue> = {};
    for (const [key, member] of Object.entries(value))
      if (member !== undefined && typeof member !== "function") out[key] = plainJson(member);
    return out;
  }
  return String(value);
}

/** A value as the text of a JSON file. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(plainJson(value), null, 2)}\n`;
}
