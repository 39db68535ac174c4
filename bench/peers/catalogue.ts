import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import type { Peer } from "./peer.ts";

const execute = promisify(execFile);
const at = (...names: string[]): string => path.join(import.meta.dirname, ...names);
/** As one of our threads has one core, theirs has one: NumPy's and PyTorch's libraries ask these. */
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

type Row = Pick<Peer, "name" | "title" | "works"> & {
  /** Of `bench/peers`. */
  readonly folder: string;
  /** Modules or packages that it imports. */
  readonly needs: readonly string[];
  /** Before the run's folder and the peer's name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** The hand-written C program, compiled by the bench itself. */
function c(name: string, title: string, flags: readonly string[], works: Peer["works"]): Peer {
  return {
    ...{ name, title, works },
    install: "apt-get install gcc libc6-dev (or any C compiler as cc)",
    async prepare({ folder }) {
      const sources = (await readdir(at("c"))).filter((file) => file.endsWith(".c"));
      const command = path.join(folder, name);
      const general = ["-O3", "-march=native", "-fno-math-errno", ...flags, "-o", command];
      try {
        await execute("cc", [...general, ...sources.map((file) => at("c", file)), "-lm"]);
      } catch (error) {
        const { code, stderr } = error as { code?: unknown; stderr?: string };
        const said = `cc: ${stderr?.trim().split("\n")[0]}`;
        return { missing: code === "ENOENT" ? "no C compiler" : said };
      }
      return { command, args: [] };
    },
  };
}

/** A peer whose program is `bench/peers/FOLDER/program.py`. */
function python({ folder, needs, args = [], env = ONE_THREAD, ...peer }: Row): Peer {
  return {
    ...peer,
    install: `pip install -r bench/peers/${folder}/requirements.txt (into the Python of --python)`,
    async prepare({ python: command }) {
      for (const module of needs) {
        // Without importing it, which takes seconds.
        const look = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
        try {
          await execute(command, ["-c", look]);
        } catch (error) {
          const absent = (error as { code?: unknown }).code === "ENOENT";
          return { missing: absent ? `no ${command}` : `no ${module} in ${command}` };
        }
      }
      return { command, args: [at(folder, "program.py"), ...args], env };
    },
  };
}

/** A peer whose program is `bench/peers/FOLDER/program.mjs`, with npm packages of its own. */
function node({ folder, needs, args = [], ...peer }: Row): Peer {
  return {
    ...peer,
    install: `npm install --no-package-lock --prefix bench/peers/${folder}`,
    async prepare() {
      const missing = needs.find((name) => !existsSync(at(folder, "node_modules", name)));
      if (missing !== undefined) return { missing: `no ${missing}` };
      return { command: process.execPath, args: [at(folder, "program.mjs"), ...args] };
    },
  };
}

/** The same sums in the same order: only what the compiler fuses may differ. */
const SAME = 1e-10;
/** Sums in another order than ours. */
const REORDERED = 1e-9;
/** The network at every pair instead of a table: the table's error is allowed for. */
const WITHOUT_TABLE = 1e-5;
/** float32 over 190 steps. */
const SINGLE = 1e-3;

const ROLLOUTS = { "gauss-newton": SAME, "gauss-newton-coarse": SAME, "adjoint-gradient": SAME };
const NETWORKS = { "network-batch": REORDERED, "lnn-10": REORDERED, "lnn-256": REORDERED };

const pytorch = (name: string, title: string, how: string, works: Peer["works"] = {}): Peer =>
  python({
    ...{ name, title, folder: "pytorch", needs: ["numpy", "torch"], args: [how] },
    works: { "adjoint-gradient": WITHOUT_TABLE, ...works },
  });

const tfjs = (backend: "cpu" | "wasm"): Peer =>
  node({
    ...{ name: `tfjs-${backend}`, title: `tfjs ${backend}`, folder: "tfjs", args: [backend] },
    needs: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
    works: { "adjoint-gradient": SINGLE },
  });

const NO_FMA = "-ffp-contract=off";
const FMA = "-ffp-contract=fast";

/** All peers, in the order of the tables. */
export const peers: readonly Peer[] = [
  c("c", "C, no FMA", [NO_FMA], ROLLOUTS),
  c("c-fma", "C, FMA", [FMA], ROLLOUTS),
  c("c-128", "C, no FMA, 128 bits wide", [NO_FMA, "-mprefer-vector-width=128", "-DVECTOR=2"], {
    ...{ ...ROLLOUTS, "network-batch": SAME },
  }),
  c("c-512", "C, FMA, 512 bits wide", [FMA, "-mprefer-vector-width=512", "-DVECTOR=8"], {
    "network-batch": SAME,
  }),
  python({
    ...{ name: "scipy", title: "NumPy and SciPy", folder: "scipy", needs: ["numpy", "scipy"] },
    works: { "gauss-newton": 1e-9, "spline-solve": 1e-8, "lnn-10": 1e-9, "lnn-256": 1e-9 },
  }),
  pytorch("pytorch", "PyTorch", "eager", NETWORKS),
  pytorch("pytorch-tape", "PyTorch, V' by autograd", "tape"),
  pytorch("pytorch-compile", "PyTorch, compiled", "compiled"),
  python({
    ...{ name: "jax", title: "JAX", folder: "jax", needs: ["numpy", "jax", "optax", "jaxopt"] },
    env: { JAX_PLATFORMS: "cpu", XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false", NPROC: "1" },
    works: {
      ...{ "adjoint-gradient": WITHOUT_TABLE, ...NETWORKS },
      ...{ adam: WITHOUT_TABLE, lbfgs: WITHOUT_TABLE },
    },
  }),
  tfjs("cpu"),
  tfjs("wasm"),
  node({
    ...{ name: "jax-js", title: "jax-js", folder: "jax-js", needs: ["@jax-js/jax"] },
    works: { "adjoint-gradient": WITHOUT_TABLE },
  }),
];
