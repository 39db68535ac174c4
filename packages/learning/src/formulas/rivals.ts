import type { Block } from "./block.ts";

/** Whether a sum has another as a limit, a special case or a part: beside that it is an extension, no rival. */
export function holds(
  large: readonly string[],
  small: readonly string[],
  blocks: readonly Block[],
): boolean {
  const rest = [...large];
  for (const piece of small) {
    let at = rest.indexOf(piece);
    if (at < 0)
      at = rest.findIndex((each) => limitsOf(each, blocks).some((limit) => is(piece, limit)));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return true;
}

/** Names of what a part holds. */
function limitsOf(key: string, blocks: readonly Block[]): readonly string[] {
  const [name] = key.split("[");
  if (key === "power") return ["power"];
  return blocks.find((block) => block.name === name)?.holds ?? [];
}

/** Whether a part is of that name; a name without constants holds for all of them. */
const is = (key: string, limit: string): boolean =>
  key === limit || (limit === "power" && key.startsWith("power["));
