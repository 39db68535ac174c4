import type { MclnnModel, SeparationRecord, TrainingRecord } from "@mclnn/models";
import {
  createMclnnModel,
  EnergyNetwork,
  encodeModel,
  networkLayout,
  networkSize,
} from "@mclnn/models";
import { type Coupling, MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type * as TF from "@tensorflow/tfjs";
import { type TfjsBackendName, tfjsBackend } from "./backend.ts";
import { tf } from "./tensorflow.ts";

/** What a model carries beside its weights, in the metadata of the LayersModel. */
interface Metadata {
  readonly format: "mclnn-layers";
  readonly version: 1;
  readonly hidden: readonly number[];
  readonly coupling: Coupling;
  readonly separations: {
    readonly ranges: SeparationRecord["ranges"];
    readonly edges: readonly number[];
    readonly counts: readonly number[];
  };
  readonly record: TrainingRecord;
}

/** Layers that hold trained weights are called so, from the input on. */
const DENSE = "energy_dense_";

/**
 * An MCLNN model as a tfjs LayersModel from separations [B, 1] to energies [B, 1], of layers that every tfjs has.
 *
 * A page runs it with tfjs alone: no code of this project, no custom layer. squareplus is (z + z cos a + 2 sin a) / 2, where cos a and
 * sin a are the cosines between (z, 2) and the axes, which the layer `dot` gives; forces, curvatures and further training are right. Weights are
 * rounded to float32.
 *
 * @throws MclnnError `missing-backend`; for what is no model, as `createMclnnModel` and `encodeModel`
 */
export async function toLayersModel(
  model: MclnnModel,
  options: { readonly backend?: TfjsBackendName } = {},
): Promise<TF.LayersModel> {
  checkArgument("options", options, {});
  checkArgument("model", model, {});
  const own = createMclnnModel(model);
  // What a model file cannot hold, metadata cannot either, and it is refused here as there.
  encodeModel(own);
  const { hidden, weights, coupling, separations, record } = own;
  const { backend: backendName = "cpu" } = options;
  const backend = await tfjsBackend(backendName);
  const metadata: Metadata = {
    format: "mclnn-layers",
    version: 1,
    hidden,
    coupling,
    separations: {
      ranges: separations.ranges,
      edges: [...separations.edges],
      counts: [...separations.counts],
    },
    record,
  };
  return backend.run(() => {
    const input = tf.input({ shape: [1], name: "separation" });
    const layout = networkLayout([1, ...hidden, 1]);
    let h: TF.SymbolicTensor = input;
    [...hidden, 1].forEach((units, l) => {
      const [kernel, biases] = [layout[2 * l], layout[2 * l + 1]] as [
        (typeof layout)[number],
        (typeof layout)[number],
      ];
      const [outputs, inputs] = kernel.shape as readonly [number, number];
      const rows = tf.tensor2d(
        Float32Array.from(weights.subarray(kernel.offset, kernel.offset + kernel.length)),
        [outputs, inputs],
      );
      const z = dense(h, `${DENSE}${l}`, units, tf.transpose(rows), [
        ...weights.subarray(biases.offset, biases.offset + biases.length),
      ]);
      h = l < hidden.length ? squareplusLayers(input, z, units, l) : z;
    });
    const model = tf.model({ inputs: input, outputs: h, name: "mclnn" });
    model.setUserDefinedMetadata({ ...metadata });
    return model;
  });
}

/** squareplus of `units` numbers by layers: only kernels and biases of the last argument's kind are constants. */
function squareplusLayers(
  input: TF.SymbolicTensor,
  z: TF.SymbolicTensor,
  units: number,
  l: number,
): TF.SymbolicTensor {
  const name = (part: string): string => `squareplus_${l}_${part}`;
  const columns = (entry: (row: number, column: number) => number, rows: number, width: number) =>
    tf.tensor2d(
      Array.from({ length: rows }, (_, i) => Array.from({ length: width }, (_, k) => entry(i, k))),
    );
  const fixed = { trainable: false };
  // (z, 2) of each unit.
  const vectors = tf.layers.reshape({ targetShape: [units, 2], name: name("vectors") }).apply(
    dense(
      z,
      name("pairs"),
      2 * units,
      columns((i, k) => (k === 2 * i ? 1 : 0), units, 2 * units),
      Array.from({ length: 2 * units }, (_, k) => (k % 2 === 0 ? 0 : 2)),
      fixed,
    ),
  ) as TF.SymbolicTensor;
  // The axes (1, 0) and (0, 1), whatever the input.
  const axes = tf.layers.reshape({ targetShape: [2, 2], name: name("axes") }).apply(
    dense(
      input,
      name("ones"),
      4,
      columns(() => 0, 1, 4),
      [1, 0, 0, 1],
      fixed,
    ),
  ) as TF.SymbolicTensor;
  const cosines = tf.layers
    .dot({ axes: [2, 2], normalize: true, name: name("cosines") })
    .apply([vectors, axes]) as TF.SymbolicTensor;
  const products = tf.layers
    .flatten({ name: name("flat") })
    .apply(
      tf.layers.multiply({ name: name("products") }).apply([vectors, cosines]) as TF.SymbolicTensor,
    ) as TF.SymbolicTensor;
  const root = dense(
    products,
    name("half_root"),
    units,
    columns((i, k) => (Math.floor(i / 2) === k ? 0.5 : 0), 2 * units, units),
    new Array<number>(units).fill(0),
    fixed,
  );
  const half = dense(
    z,
    name("half"),
    units,
    columns((i, k) => (i === k ? 0.5 : 0), units, units),
    new Array<number>(units).fill(0),
    fixed,
  );
  return tf.layers.add({ name: name("sum") }).apply([half, root]) as TF.SymbolicTensor;
}

function dense(
  input: TF.SymbolicTensor,
  name: string,
  units: number,
  kernel: TF.Tensor,
  biases: readonly number[],
  options: { trainable?: boolean } = {},
): TF.SymbolicTensor {
  const layer = tf.layers.dense({ units, name, kernelInitializer: "zeros", ...options });
  const out = layer.apply(input) as TF.SymbolicTensor;
  layer.setWeights([kernel, tf.tensor1d([...biases])]);
  return out;
}

/**
 * The MCLNN model in a LayersModel that {@link toLayersModel} made, trained further or not.
 *
 * @throws MclnnError `bad-model` for any other model, and for one whose fixed layers have been changed
 */
export async function fromLayersModel(
  model: TF.LayersModel,
  options: { readonly backend?: TfjsBackendName } = {},
): Promise<MclnnModel> {
  checkArgument("model", model, { apply: "function" });
  checkArgument("options", options, {});
  const { backend: backendName = "cpu" } = options;
  const backend = await tfjsBackend(backendName);
  const metadata = model.getUserDefinedMetadata?.() as Partial<Metadata> | undefined;
  if (metadata?.format !== "mclnn-layers" || metadata.version !== 1)
    throw notOurs("metadata of format mclnn-layers, version 1", JSON.stringify(metadata) ?? "none");
  const { hidden, coupling, separations, record } = metadata as Metadata;
  const layout = networkLayout([1, ...hidden, 1]);
  const weights = new Float64Array(networkSize([1, ...hidden, 1]));
  const network = new EnergyNetwork(hidden);
  backend.run(() => {
    for (let l = 0; l <= hidden.length; l++) {
      const layer = model.layers.find(({ name }) => name === `${DENSE}${l}`);
      const [kernel, biases] = layer?.getWeights() ?? [];
      const slices = [layout[2 * l], layout[2 * l + 1]];
      const tensors = [kernel === undefined ? kernel : tf.transpose(kernel), biases];
      slices.forEach((slice, k) => {
        const tensor = tensors[k];
        if (slice === undefined || tensor?.shape.join() !== slice.shape.join())
          throw notOurs(`${slice?.name} of shape [${slice?.shape}]`, `[${tensor?.shape}]`);
        weights.set(tensor.dataSync(), slice.offset);
      });
    }
    // The layers between are constants: were they trained, the weights alone would be another law.
    const [from, to] = [separations.edges[0] as number, separations.edges.at(-1) as number];
    const at = [from, 0.5 * (from + to), to];
    const energies = (
      model.apply(tf.tensor2d(at, [3, 1]), { training: false }) as TF.Tensor
    ).dataSync();
    at.forEach((r, k) => {
      network.evaluate(weights, r);
      const size = weights.reduce((sum, w) => sum + Math.abs(w), 1);
      if (!(Math.abs(network.energy - (energies[k] as number)) <= 1e-5 * size))
        throw notOurs(`V(${r}) = ${network.energy}, as by its dense layers`, `${energies[k]}`);
    });
  });
  return createMclnnModel({
    hidden,
    weights,
    coupling,
    separations: {
      ranges: separations.ranges,
      edges: Float64Array.from(separations.edges),
      counts: Float64Array.from(separations.counts),
    },
    record,
  });
}

/**
 * A LayersModel as the two files that `tf.loadLayersModel("model.json")` loads.
 *
 * @returns contents by file name
 */
export async function layersModelFiles(
  model: TF.LayersModel,
): Promise<{ readonly "model.json": string; readonly "weights.bin": Uint8Array }> {
  checkArgument("model", model, { save: "function" });
  const saved: TF.io.ModelArtifacts[] = [];
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved.push(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  const { weightData, weightSpecs, ...rest } = saved[0] as TF.io.ModelArtifacts;
  const parts = Array.isArray(weightData) ? weightData : [weightData as ArrayBuffer];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), offset);
    offset += part.byteLength;
  }
  const manifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
  return {
    "model.json": JSON.stringify({ ...rest, weightsManifest: manifest }),
    "weights.bin": bytes,
  };
}

function notOurs(expected: string, got: string): MclnnError {
  return new MclnnError("the LayersModel is not one that toLayersModel made", {
    code: "bad-model",
    argument: "model",
    expected,
    got: got.length > 200 ? `${got.slice(0, 200)}...` : got,
    mend: "Any model from [B, 1] to [B, 1] is a pair energy for tfjsPairPotential.",
  });
}
