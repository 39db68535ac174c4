import { MclnnError } from "@mclnn/physics";
import type { Part } from "@mclnn/studies/paper";
import { suggestion } from "../../options/suggestion.ts";

/**
 * The parts that the command line asks for, in the order of the page.
 *
 * @param only - names with commas between; without it, all but those made on request
 * @param recipe - whether `--paper-recipe` was given
 * @throws MclnnError `unknown-part` with the names there are
 */
export function chooseParts(
  parts: readonly Part[],
  { only, recipe }: { readonly only: string | undefined; readonly recipe: boolean },
): readonly Part[] {
  const onRequest = (part: Part): boolean => part.onRequest !== undefined;
  if (only === undefined) return parts.filter((part) => recipe || !onRequest(part));
  const names = only
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const known = parts.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0 || names.length === 0)
    throw new MclnnError(
      unknown.length > 0
        ? `there is no part ${unknown.map((name) => JSON.stringify(name)).join(", ")}`
        : "--only names nothing",
      {
        code: "unknown-part",
        argument: "--only",
        expected: `names from ${known.join(", ")}, commas between`,
        got: only === "" ? "nothing" : only,
        ...suggestion(unknown[0] ?? "", known),
      },
    );
  return parts.filter((part) => names.includes(part.name) || (recipe && onRequest(part)));
}
