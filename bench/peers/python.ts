import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Peer } from "./peer.ts";

/** As one of our threads has one core, theirs has one: NumPy's and PyTorch's libraries ask these. */
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/** A peer whose program is `bench/peers/FOLDER/program.py`. */
export function pythonPeer({
  folder,
  modules,
  args = [],
  env = ONE_THREAD,
  ...peer
}: Pick<Peer, "name" | "title" | "works"> & {
  readonly folder: string;
  /** What it imports. */
  readonly modules: readonly string[];
  /** Before the run's folder and the peer's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Peer {
  return {
    ...peer,
    install: `pip install -r bench/peers/${folder}/requirements.txt (into the Python of --python)`,
    async prepare({ python }) {
      for (const module of modules) {
        // Without importing it, which takes seconds.
        const look = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
        try {
          await promisify(execFile)(python, ["-c", look]);
        } catch (error) {
          const { code } = error as { code?: unknown };
          return { missing: code === "ENOENT" ? `no ${python}` : `no ${module} in ${python}` };
        }
      }
      const program = fileURLToPath(new URL(`./${folder}/program.py`, import.meta.url));
      return { command: python, args: [program, ...args], env };
    },
  };
}
