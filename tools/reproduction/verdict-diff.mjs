/**
 * Lines of a diff between two sets of verdicts; none where they agree.
 *
 * @param {Readonly<Record<string, string>>} committed - by name of the claim
 * @param {Readonly<Record<string, string>>} found
 * @returns {string[]}
 */
export function verdictDiff(committed, found) {
  const names = [...new Set([...Object.keys(committed), ...Object.keys(found)])];
  return names.flatMap((name) =>
    committed[name] === found[name]
      ? []
      : [
          ...(name in committed ? [`- ${name}: ${committed[name]}`] : []),
          ...(name in found ? [`+ ${name}: ${found[name]}`] : []),
        ],
  );
}
