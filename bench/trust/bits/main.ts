// The hashes that `pnpm trust --only bits` compares with: what changed here, and, with --update, the new ones to be committed.
import { command, FLAG, say } from "../../command-line.ts";
import { withBits } from "./bundle.ts";
import { committedHashes, writeHashes } from "./committed.ts";
import { thisNode } from "./places.ts";
import { threadOutcomes } from "./threads.ts";

const HELP = `Says which committed hashes are not those of what is computed here, by kernels, plain TypeScript and threads.

pnpm bits [--update]

  --update   writes the new hashes to bench/trust/bits/hashes.json; say in the commit why they changed
`;

await command(HELP, { update: FLAG }, async ({ update }) => {
  const outcomes = await withBits((bundle) => thisNode.outcomes(bundle));
  if (typeof outcomes === "string") throw new Error(outcomes);
  const hashes: Record<string, string> = {};
  const problems: string[] = [];
  for (const { engine, kernels, run } of [...outcomes, ...(await threadOutcomes([1, 4]))])
    for (const [name, hash] of Object.entries(run.hashes)) {
      hashes[name] ??= hash;
      if (hashes[name] !== hash)
        problems.push(`${name}: two results here (${engine}, ${kernels ? "kernels" : "plain"})`);
      else if (!/^(\w+ )?[0-9a-f]{64}(, |$)/.test(hash)) problems.push(`${name}: ${hash}`);
    }
  problems.forEach(say);
  if (problems.length > 0) return 1;

  const before = committedHashes();
  const names = new Set([...Object.keys(hashes), ...Object.keys(before)]);
  const changed = [...names].filter((name) => hashes[name] !== before[name]);
  for (const name of changed)
    process.stdout.write(`${name}: ${before[name] ?? "none"} -> ${hashes[name] ?? "none"}\n`);
  process.stdout.write(`${changed.length} of ${names.size} hashes changed\n`);
  if (!update) return changed.length === 0 ? 0 : 1;
  writeHashes(hashes);
  return 0;
});
