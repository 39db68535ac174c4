/** Names of terms as `--terms` takes them: `pair,drag`. */
export const termNames = (text: string): readonly string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** `--known`, which may be given several times. */
export const andKnown = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];
