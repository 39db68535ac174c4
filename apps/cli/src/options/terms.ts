/** Names of terms as `--terms` takes them: `pair,drag`, or `auto`. */
export function termNames(text: string): "auto" | readonly string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.join() === "auto" ? "auto" : names;
}

/** `--known`, which may be given several times. */
export const andKnown = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];
