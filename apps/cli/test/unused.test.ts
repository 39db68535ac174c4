import { writeFileSync } from "node:fs";
import { encodeTrajectorySet, experimentByName, generateTrajectories } from "@mclnn/datasets";
import { createSystem, pairwise } from "@mclnn/physics";
import { expect, it } from "vitest";
import { runCli, scratchFolder } from "./run-cli.ts";

const at = scratchFolder();
const { pair, masses, dimension, trainStart } = experimentByName("linear-spring");
const system = createSystem({ masses, dimension, potential: pairwise(pair) });
const set = generateTrajectories({ system, start: trainStart, trajectories: 20 });
const particles = Array.from(masses);

it("charges that a training does not use are said once, and with --coupling charge-product they are used", async () => {
  const charges = Float64Array.from(particles, () => 2);
  writeFileSync(at("charged.npz"), encodeTrajectorySet({ ...set, charges }));
  const common = ["train", "--data", at("charged.npz"), "--model", "spline", "--force"];
  const without = await runCli([...common, "--out", at("law.safetensors")]);
  expect(without.code).toBe(0);
  expect(without.stderr.match(/holds charges/g)).toHaveLength(1);
  const used = await runCli([
    ...common,
    ...["--coupling", "charge-product", "--out", at("law.safetensors")],
  ]);
  expect(used.code, used.stderr).toBe(0);
  expect(used.stderr).not.toContain("holds charges");
});

it("masses are fitted with --species together; the refusal of laws by species names it", async () => {
  const species = Int32Array.from(particles, (_, i) => i % 2);
  writeFileSync(at("kinds.npz"), encodeTrajectorySet({ ...set, species }));
  const common = ["train", "--data", at("kinds.npz"), "--model", "spline", "--fit-masses"];
  const refused = await runCli([...common, "--out", at("masses.safetensors")]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("--species together");
  const together = await runCli([
    ...common,
    ...["--species", "together", "--out", at("masses.safetensors")],
  ]);
  expect(together.code, together.stderr).toBe(0);
  expect(together.stdout).toContain("mass of particle 1");
});
