import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import Module from "node:module";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { loadTfjs, type Tfjs, tfjsNodeFolder } from "../src/inputs/tfjs.ts";
import { refusal } from "./refusal.ts";
import { runCli, scratchFolder, spawnCli } from "./run-cli.ts";

const at = scratchFolder();

const FILES: Record<string, string> = {
  "spring.ts": `import type { TfjsNetworkModule } from "@mclnn/tfjs";
    const network: TfjsNetworkModule = ({ tf, seed }) => {
      const start: number = seed / 100;
      const a = tf.variable(tf.scalar(start)), b = tf.variable(tf.scalar(0.8));
      return { energy: (r) => tf.mul(a, tf.square(tf.sub(r, b))), variables: [a, b] };
    };
    export default network;`,
  "named-export.ts": "export const network = 1;",
  "no-function.mjs": "export default { energy: (r) => r };",
  "makes-nothing.mjs": "export default () => undefined;",
  "throws.mjs": "export default () => { throw new RangeError('too wide'); };",
  "energy-throws.mjs":
    "export default () => ({ energy: () => { throw new RangeError('no shape'); }, variables: [] });",
  "frozen.mjs": "export default ({ tf }) => ({ energy: (r) => tf.square(r) });",
  "notes.txt": "text",
  "hangs.mjs": "export default ({ tf }) => ({ energy: () => { for (;;); }, variables: [] });",
};

beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(at(name), text);
  const state = {
    masses: [1, 1],
    positions: [
      [0, 0],
      [1.2, 0],
    ],
    velocities: [
      [0, 0.1],
      [0, -0.1],
    ],
  };
  writeFileSync(at("start.json"), JSON.stringify(state));
  const generate = ["generate", "--system", "linear-spring", "--trajectories", "20"];
  expect((await runCli([...generate, "--out", at("data.npz")])).code).toBe(0);
});

const train = (network: string, ...args: string[]) =>
  runCli([
    "train",
    "--data",
    at("data.npz"),
    "--network",
    resolve(at(), network),
    ...(args.includes("--out") ? args : [...args, "--out", at("new.safetensors")]),
  ]);

it.each(["cpu", "wasm"])(
  "train --network learns 20 trajectories on %s, and simulate keeps momentum within 1e-12 with the law",
  async (backend) => {
    const [model, run] = [at(`${backend}.safetensors`), at(`${backend}.npz`)];
    const options = ["--backend", backend, "--seed", "30", "--until", "1e-9", "--json", "--quiet"];
    const trained = await train("spring.ts", ...options, "--out", model);
    expect(trained, trained.stdout).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(trained.stdout)).toMatchObject({
      model,
      weights: at(`${backend}.weights.safetensors`),
      network: "spring.ts",
      backend,
      parameters: 2,
      until: 1e-9,
      reachedTarget: true,
    });
    const simulated = await runCli([
      "simulate",
      "--model",
      model,
      "--initial",
      at("start.json"),
      "--records",
      "50",
      "--out",
      run,
      "--json",
    ]);
    expect(simulated.code, simulated.stderr).toBe(0);
    expect(JSON.parse(simulated.stdout).linearMomentum.maxDrift).toBeLessThan(1e-12);
  },
);

it("the example, a LayersModel with tanh; a target that is missed: exit code 1, and both files", async () => {
  const { code, stdout, stderr } = await train(
    fileURLToPath(new URL("../../../examples/own-network.ts", import.meta.url)),
    ...["--epochs", "3", "--optimizer", "adam", "--learning-rate", "0.01"],
    ...["--validation", at("data.npz"), "--out", at("layers.safetensors")],
  );
  expect(code, stderr).toBe(1);
  expect(stdout).toMatch(/own-network\.ts, 193 parameters, on wasm/);
  expect(stdout).toMatch(/validation loss/);
  expect(stderr).toMatch(/did not reach 1e-8/);
  expect(readdirSync(at())).toEqual(
    expect.arrayContaining(["layers.safetensors", "layers.weights.safetensors"]),
  );
});

describe("what cannot be used: exit code 2, and nothing written", () => {
  it.each([
    ["not-there.ts", [], "file-not-found", "--network", /no file/],
    ["notes.txt", [], "bad-module", "--network", /is no module/],
    ["named-export.ts", [], "bad-module", "--network", /exports network/],
    ["no-function.mjs", [], "bad-module", "--network", /exports something else/],
    ["makes-nothing.mjs", [], "bad-network", "network", /makes no network/],
    ["throws.mjs", [], "bad-module", "--network", /RangeError: too wide/],
    ["energy-throws.mjs", [], "bad-function", "energy", /no shape/],
    ["frozen.mjs", [], "bad-variables", "variables", /nothing to train/],
    ["spring.ts", ["--backend", "webgl"], "bad-option", "--backend", /one of cpu, wasm, node/],
    ["spring.ts", ["--backend", "node"], "missing-backend", "backend", /npm install/],
    ["spring.ts", ["--model", "mclnn"], "conflicting-options", "--model", /no use with --network/],
    ["spring.ts", ["--hidden", "5"], "conflicting-options", "--hidden", /no use with --network/],
    ["spring.ts", ["--seeds", "1-3"], "conflicting-options", "--seeds", /no use with --network/],
    ["spring.ts", ["--fit-masses"], "conflicting-options", "--fit-masses", /no use with/],
    ["spring.ts", ["--checkpoint", "x"], "conflicting-options", "--checkpoint", /no use with/],
    ["spring.ts", ["--resume", "x"], "conflicting-options", "--resume", /no use with/],
    ["spring.ts", ["--velocities", "unknown"], "conflicting-options", "--velocities", /no use/],
    ["spring.ts", ["--species", "separate"], "conflicting-options", "--species", /no use/],
    ["spring.ts", ["--learning-rate", "1"], "conflicting-options", "--learning-rate", /adam/],
  ] as const)("%s %j: %s", async (network, args, code, argument, message) => {
    const before = readdirSync(at()).sort();
    const ended = await train(network, ...args, "--json", "--quiet");
    expect(ended.code, ended.stdout).toBe(2);
    const { error } = JSON.parse(ended.stdout) as { error: Record<string, string> };
    expect(error).toMatchObject({ code, argument });
    expect(error.message).toMatch(message);
    expect(readdirSync(at()).sort()).toEqual(before);
  });

  it("--backend without a network, and a weights file that is there", async () => {
    const alone = await runCli(["train", "--data", at("data.npz"), "--backend", "cpu"]);
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringMatching(/--network is missing/) });
    writeFileSync(at("kept.weights.safetensors"), "kept");
    const ended = await train("spring.ts", "--out", at("kept.safetensors"));
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/exists already/) });
  });
});

it("an energy that does not come back is ended: exit code 2", async () => {
  const args = ["--data", "data.npz", "--network", "hangs.mjs", "--out", "hung.safetensors"];
  const ended = await spawnCli(["train", ...args, "--json", "--potential-timeout", "0.7"], {
    cwd: at(),
  });
  expect(ended.code, ended.stderr).toBe(2);
  const { error } = JSON.parse(ended.stdout) as { error: Record<string, string> };
  expect(error).toMatchObject({ code: "potential-timeout", argument: "--network" });
  expect(error.message).toMatch(/^energy\(r\) of hangs\.mjs never returns: .* got none\./);
});

describe("@mclnn/tfjs is looked for beside the program, then beside the network", () => {
  const missing = (): Promise<Tfjs> =>
    Promise.reject(
      Object.assign(new Error("Cannot find package '@mclnn/tfjs' imported from here"), {
        code: "ERR_MODULE_NOT_FOUND",
      }),
    );

  it("in neither: the line that installs it", async () => {
    // pnpm's `vitest` sets it, to a folder of all packages.
    vi.stubEnv("NODE_PATH", undefined);
    (Module as unknown as { _initPaths(): void })._initPaths();
    expect(await refusal(loadTfjs(at("spring.ts"), missing))).toMatchObject({
      code: "missing-package",
      argument: "--network",
      mend: expect.stringMatching(/npm install @mclnn\/tfjs/),
    });
    expect(tfjsNodeFolder(at("spring.ts"))).toBeUndefined();
  });

  it("beside the network", async () => {
    const folder = at("project/node_modules/@mclnn/tfjs");
    mkdirSync(folder, { recursive: true });
    const exports = { ".": "./main.mjs", "./node": "./node.mjs" };
    writeFileSync(`${folder}/package.json`, JSON.stringify({ name: "@mclnn/tfjs", exports }));
    writeFileSync(`${folder}/main.mjs`, "export const which = 'main';");
    writeFileSync(`${folder}/node.mjs`, "export const which = 'node';");
    const { tfjs, node } = await loadTfjs(at("project/net.ts"), missing);
    expect([tfjs, node]).toMatchObject([{ which: "main" }, { which: "node" }]);
  });

  it("one that is there and broken: its own error", async () => {
    const broken = new Error("broken inside");
    await expect(loadTfjs(at("spring.ts"), () => Promise.reject(broken))).rejects.toBe(broken);
  });
});
