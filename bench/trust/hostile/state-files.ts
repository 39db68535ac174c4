import { parseState, type StateFile } from "@mclnn/datasets";
import type { Format } from "./format.ts";
import { mutatedText } from "./mutation.ts";

const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** States as JSON. */
export const states: Format = {
  name: "states (JSON)",
  valid: [
    '{"masses":[1,2],"positions":[[0,0],[1,0.5]],"velocities":[[0,0],[-0.001,2]]}',
    '{"masses":[1,2,1],"positions":[[0,0,0],[1,0.5,3],[2,2,2]],"velocities":[[0,0,1],[-1,2,0],[0,0,0]],"charges":[1,-1,0],"species":[0,1,0],"time":4}',
  ].map((text) => encode(JSON.parse(text))),
  read: (bytes) => parseState(new TextDecoder().decode(bytes), { source: "start.json" }),
  write(value) {
    const { masses, dimension, charges, species, state } = value as StateFile;
    const vectors = (flat: Float64Array): number[][] =>
      Array.from(masses, (_, i) => Array.from(flat.subarray(dimension * i, dimension * (i + 1))));
    return encode({
      masses: Array.from(masses),
      positions: vectors(state.positions),
      velocities: vectors(state.velocities),
      ...(charges === undefined ? {} : { charges: Array.from(charges) }),
      ...(species === undefined ? {} : { species: Array.from(species) }),
      time: state.time,
    });
  },
  craft: (bytes, random) =>
    new TextEncoder().encode(mutatedText(new TextDecoder().decode(bytes), random)),
};
