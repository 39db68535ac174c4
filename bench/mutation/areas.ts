/** Sources that are changed together, and the tests that should notice. */
export interface Area {
  readonly name: string;
  /** What is in it, in words. */
  readonly title: string;
  /** Sources, as globs from the root. */
  readonly sources: readonly string[];
  /** Test files, as globs from the root. */
  readonly tests: readonly string[];
  /** Milliseconds of work that a test may need; slower ones are asked only where no quicker one reaches a change. */
  readonly longestTest: number;
}

const SECOND = 1000;

/** Tests of a package without those that measure memory, build bundles or run READMEs: they are slow, and see little of what the sources compute. */
function testsOf(name: string): readonly string[] {
  return [`packages/${name}/test/**/!(*allocation|readme|bundle).test.ts`];
}

/** All areas, in the order of the table. */
export const areas: readonly Area[] = [
  {
    name: "physics",
    title: "potentials, systems, conserved quantities",
    sources: ["packages/physics/src/**/!(index).ts"],
    tests: testsOf("physics"),
    longestTest: SECOND,
  },
  {
    name: "integrators",
    title: "methods, rollouts, exact momentum",
    sources: ["packages/integrators/src/!(index).ts"],
    tests: testsOf("integrators"),
    longestTest: SECOND,
  },
  {
    name: "metrics",
    title: "errors, conservation, alignment, symmetry",
    sources: ["packages/metrics/src/!(index).ts"],
    tests: testsOf("metrics"),
    longestTest: SECOND,
  },
  {
    name: "adjoint",
    title: "rollout loss and its discrete adjoint, which the kernels equal bit for bit",
    sources: [
      "packages/learning/src/engine/{adjoint,gradient-problem,pair-rollout}.ts",
      "packages/learning/src/rollout/{chunks,starts}.ts",
      "packages/learning/src/records/schedule.ts",
      "packages/learning/src/network/{direct-rollout-loss,rollout-loss,network-curve}.ts",
      "packages/models/src/splines/cells.ts",
    ],
    tests: [
      "packages/learning/test/{rollout,adjoint,pair-rollout,network-losses,schedule,kernels/pair}.test.ts",
      "packages/models/test/cells.test.ts",
    ],
    longestTest: SECOND / 4,
  },
  {
    name: "network",
    title: "the pair network, its derivatives, and their gradient in its weights",
    sources: [
      "packages/models/src/networks/{forward-energy,energy}-network.ts",
      "packages/learning/src/network/network-batch.ts",
    ],
    tests: [
      "packages/models/test/network.test.ts",
      "packages/learning/test/kernels/network.test.ts",
    ],
    longestTest: SECOND,
  },
  {
    name: "npz",
    title: "NPY, ZIP and NPZ files",
    sources: ["packages/datasets/src/npz/*.ts"],
    tests: ["packages/datasets/test/{npz,npy,zip}.test.ts"],
    longestTest: SECOND,
  },
  {
    name: "trajectories",
    title: "trajectory and state files",
    sources: ["packages/datasets/src/{trajectory-file,state-file,node/trajectory-files}.ts"],
    tests: ["packages/datasets/test/{npz,state-file,trajectory-file,node}.test.ts"],
    longestTest: SECOND,
  },
  {
    name: "safetensors",
    title: "the container of models and checkpoints",
    sources: [
      "packages/models/src/files/{safetensors,sealed}.ts",
      "packages/learning/src/runs/plain-value.ts",
    ],
    tests: ["packages/models/test/{safetensors,model-file,sealed}.test.ts"],
    longestTest: SECOND,
  },
  {
    name: "models",
    title: "models and checkpoints in such containers",
    sources: [
      "packages/models/src/files/{decode-model,encode-model,model-fields,model-format,plain-json,sha256}.ts",
      "packages/learning/src/runs/checkpoint-file.ts",
    ],
    tests: [
      "packages/models/test/{model-file,model-fields,sha256}.test.ts",
      "packages/learning/test/checkpoint-file.test.ts",
    ],
    longestTest: SECOND,
  },
  {
    name: "tables",
    title: "CSV, TSV and JSON tables of potentials",
    sources: ["apps/cli/src/inputs/potential-table.ts"],
    tests: ["apps/cli/test/potential-table.test.ts"],
    longestTest: SECOND,
  },
  {
    name: "inspect",
    title: "files of any kind that the program is asked about, and its own lists and results",
    sources: [
      "apps/cli/src/inputs/file.ts",
      "apps/cli/src/inspect/*.ts",
      "apps/cli/src/outputs/manifest.ts",
      "apps/cli/src/commands/reproduce/encoding.ts",
    ],
    tests: ["apps/cli/test/{read-files,inspect,inspect-model}.test.ts"],
    longestTest: SECOND,
  },
];

/** The area of that name. */
export function areaByName(name: string | undefined): Area {
  const area = areas.find((each) => each.name === name);
  if (area === undefined)
    throw new Error(`no area ${name}: there are ${areas.map((each) => each.name).join(", ")}`);
  return area;
}
