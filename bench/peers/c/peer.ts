import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Peer } from "../peer.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** The same sums in the same order: only what the compiler fuses may differ. */
const SAME = 1e-10;

/** The hand-written C program, compiled by the bench itself. */
function program(
  name: string,
  title: string,
  flags: readonly string[],
  works: Peer["works"],
): Peer {
  return {
    name,
    title,
    works,
    install: "apt-get install gcc libc6-dev (or any C compiler as cc)",
    async prepare({ folder }) {
      const sources = (await readdir(HERE)).filter((file) => file.endsWith(".c"));
      const binary = path.join(folder, name);
      try {
        await promisify(execFile)("cc", [
          ...["-O3", "-march=native", "-fno-math-errno", ...flags],
          ...["-o", binary],
          ...sources.map((file) => path.join(HERE, file)),
          "-lm",
        ]);
      } catch (error) {
        const { code, stderr } = error as { code?: unknown; stderr?: string };
        return {
          missing: code === "ENOENT" ? "no C compiler" : `cc: ${stderr?.trim().split("\n")[0]}`,
        };
      }
      return { command: binary, args: [] };
    },
  };
}

const ROLLOUTS = {
  "gauss-newton": SAME,
  "gauss-newton-coarse": SAME,
  "adjoint-gradient": SAME,
} as const;

export const cPeers: readonly Peer[] = [
  program("c", "C, no FMA", ["-ffp-contract=off"], ROLLOUTS),
  program("c-fma", "C, FMA", ["-ffp-contract=fast"], ROLLOUTS),
  program(
    "c-128",
    "C, no FMA, 128 bits wide",
    ["-ffp-contract=off", "-mprefer-vector-width=128", "-DVECTOR=2"],
    { ...ROLLOUTS, "network-batch": SAME },
  ),
  program(
    "c-512",
    "C, FMA, 512 bits wide",
    ["-ffp-contract=fast", "-mprefer-vector-width=512", "-DVECTOR=8"],
    { "network-batch": SAME },
  ),
];
