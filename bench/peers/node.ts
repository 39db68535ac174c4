import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Peer } from "./peer.ts";

/** A peer whose program is `bench/peers/FOLDER/program.mjs`, with npm packages of its own. */
export function nodePeer({
  folder,
  packages,
  args = [],
  ...peer
}: Pick<Peer, "name" | "title" | "works"> & {
  readonly folder: string;
  /** What it imports. */
  readonly packages: readonly string[];
  /** Before the run's folder and the peer's name. */
  readonly args?: readonly string[];
}): Peer {
  const at = (file: string): string =>
    fileURLToPath(new URL(`./${folder}/${file}`, import.meta.url));
  return {
    ...peer,
    install: `npm install --no-package-lock --prefix bench/peers/${folder}`,
    async prepare() {
      const missing = packages.find((name) => !existsSync(at(`node_modules/${name}/package.json`)));
      if (missing !== undefined) return { missing: `no ${missing}` };
      return { command: process.execPath, args: [at("program.mjs"), ...args] };
    },
  };
}
