import type { Command } from "commander";
import { INPUT_OPTIONS } from "../../inputs/input-options.ts";
import { choice } from "../../options/choice.ts";
import { cutoff } from "../../options/cutoff.ts";
import { examples } from "../../options/example.ts";
import { count, number } from "../../options/number.ts";
import { addOptions } from "../../options/options.ts";
import { seeds } from "../../options/seeds.ts";
import { andAnother, termNames } from "../../options/terms.ts";
import { widths } from "../../options/widths.ts";
import type { Runner } from "../../session/session.ts";
import type { TrainCommandOptions } from "./run.ts";

/** Options as they come: `--data` may be given several times. */
type DeclaredOptions = Omit<TrainCommandOptions, "data" | "more"> & {
  readonly data?: readonly string[];
};

/** Those that training rolls out with; the models refuse the others too. */
const INTEGRATORS = [
  "velocity-verlet",
  "position-verlet",
  "forest-ruth",
  "pefrl",
  "blanes-moan-4",
  "yoshida-6",
];

export function registerTrain(program: Command, run: Runner): void {
  const command = program
    .command("train")
    .summary("learn a law from trajectories")
    .description(
      "Learns from trajectories (in any format that inspect knows) and writes the model as safetensors. A model that misses the target is written " +
        "all the same, and the exit code is 1. Ctrl-C keeps the best model so far. With --checkpoint a training that was stopped, " +
        "or killed, goes on with --resume and ends with the same bits as if it never had been. " +
        "Time grows in proportion to trajectories, records and pairs of particles; memory is about 100 MB and 6 times the size " +
        "of the data file, 40 times where start states are fitted (noise, no velocities), and up to 250 MB more for 2,000 records or pairs, 500 MB for 20,000 records.",
    )
    .option(
      "--data <file>",
      "trajectories to learn from; given several times: sets that obey one law, each with its own masses, species and times",
      andAnother,
    )
    .option("--validation <file>", "trajectories to judge by")
    .option(
      "--model <kind>",
      "mclnn (pair network), spline (pair law), lnn (baseline)",
      choice("--model", ["mclnn", "spline", "lnn"]),
      "mclnn",
    )
    .option(
      "--network <file>",
      "a network of your own in TensorFlow.js instead of --model: a module that exports how to make it (needs @mclnn/tfjs)",
    )
    .option(
      "--backend <name>",
      "where --network is computed: cpu, wasm, node (default: wasm)",
      choice("--backend", ["cpu", "wasm", "node"]),
    )
    .option(
      "--hidden <widths>",
      "hidden widths of the network (default: 10,10)",
      widths("--hidden"),
    )
    .option("--seed <n>", "seed of all that is random", count("--seed", 0), 100)
    .option(
      "--seeds <list>",
      "train once with each of several seeds, several at a time, and keep the best: 100-119, or 1,5,9",
      seeds("--seeds"),
    )
    .option(
      "--until <loss>",
      "loss to stop at, in length^2 (default: as good as the data and the network's width allow; a loss above 1e-8 in typical separations counts as missed; lnn: as low as it gets)",
      number("--until", { above: 0 }),
    )
    .option(
      "--optimizer <name>",
      "auto, adam (the paper's), lbfgs",
      choice("--optimizer", ["auto", "adam", "lbfgs"]),
      "auto",
    )
    .option("--epochs <n>", "most iterations", count("--epochs"))
    .option(
      "--learning-rate <rate>",
      "of adam (default: 0.001)",
      number("--learning-rate", { above: 0 }),
    )
    .option(
      "--dt <t>",
      "time step of the rollout (default: the file's provenance, else found from the integrator's own error on the data)",
      number("--dt", { above: 0 }),
    )
    .option(
      "--integrator <name>",
      `method of the rollout: ${INTEGRATORS.join(", ")}`,
      choice("--integrator", INTEGRATORS),
    )
    .option("--substeps <n>", "steps of the rollout between two records", count("--substeps"))
    .option(
      "--coupling <kind>",
      "pair energy as it is, or times m_i m_j, or q_i q_j of the data's charges: none, mass-product, charge-product (default: none)",
      choice("--coupling", ["none", "mass-product", "charge-product"]),
    )
    .option(
      "--velocities <how>",
      "start velocities: auto, given (as exact), unknown (positions alone, or noisy: also gives error bars)",
      choice("--velocities", ["auto", "given", "unknown"]),
      "auto",
    )
    .option(
      "--fit-masses",
      "find all masses but the first together with the law (whose scale the first one fixes)",
    )
    .option(
      "--fit-charges",
      "find all charges together with the law, signs too: a pair's energy is the law times both (the first, as given or 1, fixes the scale)",
    )
    .option(
      "--terms <names>",
      "terms of the law, to be learned: auto (pair, and what the records' evidence asks for beside it), or pair and others that mclnn systems lists, as field, drag, pair-friction (default: auto; pair where masses are fitted, and with adam and lbfgs)",
      termNames,
    )
    .option(
      "--known <term>",
      'a term that is given and acts in the data: "field 0,-9.81,0", "drag 0.1"; may be repeated',
      andAnother,
    )
    .option(
      "--bonds <which>",
      "who feels whom: all, unknown (found out, with weights), or a file of lines `i j weight`, particles counted from 0 (default: all)",
    )
    .option(
      "--species <how>",
      "of data with species: separate (one law a pair of species), together (one law), auto (separate)",
      choice("--species", ["auto", "separate", "together"]),
      "auto",
    )
    .option(
      "--cutoff <r>",
      "separation at which the law ends, of many particles or in a box: a number, auto (looked for), none (default: auto)",
      cutoff,
    )
    .option(
      "--motion <kind>",
      "what moves the particles: auto (the tracks say), newtonian, langevin (with friction and noise), overdamped (Brownian: noise and no inertia)",
      choice("--motion", ["auto", "newtonian", "langevin", "overdamped"]),
    )
    .option(
      "--effort <much>",
      "how much work it may be: preview (a look, at some of the records), usual, thorough (default: usual)",
      choice("--effort", ["preview", "usual", "thorough"]),
    )
    .option(
      "--time-limit <seconds>",
      "stop then, with the best model so far",
      number("--time-limit", { above: 0 }),
    )
    .option("--checkpoint <folder>", "keep the state of the training there, to go on from")
    .option("--every <n>", "iterations between two checkpoints", count("--every"), 100)
    .option(
      "--resume <folder>",
      "go on with the training whose checkpoints are there; its options need not be given again",
    )
    .option("--out <file>", "where to write the model", "model.safetensors")
    .option("--force", "overwrite what is there")
    .addHelpText(
      "after",
      examples(
        "mclnn train --data gravity.npz --out gravity.safetensors",
        "mclnn train --data three-bodies.npz --data five-bodies.npz --out law.safetensors",
        "mclnn train --data run.lammpstrj --dt 0.005 --mass 1=39.948 --cutoff 8.5",
        "mclnn train --data gravity.npz --model spline --until 1e-12 --out spline.safetensors",
        "mclnn train --data gravity.npz --seeds 100-119 --out best.safetensors",
        "mclnn train --data gravity.npz --optimizer adam --checkpoint out/gravity --every 1000",
        "mclnn train --data falling.npz --terms pair,drag --known 'field 0,-9.81,0' --out law.safetensors",
        "mclnn train --resume out/gravity",
        "mclnn train --data gravity.npz --network ./my-network.ts --out own.safetensors",
      ),
    )
    .action((given: DeclaredOptions, command: Command) =>
      run(async (session) => {
        const [data, ...more] = given.data ?? [];
        const options = { ...given, data, ...(more.length > 0 && { more }) } as TrainCommandOptions;
        const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
        return isGiven("network") || isGiven("backend")
          ? (await import("./network.ts")).trainNetwork(options, isGiven, session)
          : (await import("./run.ts")).train(options, isGiven, session);
      }),
    );
  addOptions(command, INPUT_OPTIONS);
}
