/** What came, as a message says it: a number as it is, a text in quotes, of anything else its kind and what it holds. */
export function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const { then, length } = value as { then?: unknown; length?: unknown };
  if (typeof then === "function") return "a promise, not awaited";
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  if (typeof length === "number") return `${kind} of ${length}`;
  const keys = Object.keys(value);
  return `${kind} ${keys.length > 0 ? `with ${keys.slice(0, 8).join(", ")}` : "without content"}`;
}
