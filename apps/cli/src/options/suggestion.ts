/** The `mend` of an error about a misspelt name: the nearest known name, when one is near. */
export function suggestion(text: string, known: readonly string[]): { mend?: string } {
  let nearest: string | undefined;
  let least = Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const name of known) {
    const distance = editDistance(text.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = name;
    }
  }
  // The beginning of one name only: an abbreviation.
  const begun = known.filter((name) => text.length > 2 && name.startsWith(text));
  if (begun.length === 1) nearest = begun[0];
  return nearest === undefined ? {} : { mend: `Did you mean ${nearest}?` };
}

/** Levenshtein's distance: insertions, deletions and replacements that turn one word into the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++)
      current[j] = Math.min(
        (previous[j] as number) + 1,
        (current[j - 1] as number) + 1,
        (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    previous = current;
  }
  return previous[b.length] as number;
}
