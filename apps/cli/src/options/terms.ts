/** Names of terms as `--terms` takes them: `pair,drag`, or `auto`. */
export function termNames(text: string): "auto" | readonly string[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return names.join() === "auto" ? "auto" : names;
}

/** An option that may be given several times. */
export const andAnother = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];
