import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { TrainingState } from "@mclnn/learning";
import { decodeCheckpoint, encodeCheckpoint } from "@mclnn/learning/parts";
import { decodeModel, encodeModel } from "@mclnn/models";
import { isMclnnError } from "@mclnn/physics";
import { openCheckpointFolder } from "../../../apps/cli/src/checkpoint/checkpoint-folder.ts";
import { inFolder } from "../../process.ts";
import type { Promised, Tally } from "../promise.ts";
import { keptRun, RESTART_CASES } from "../restart-problem.ts";

/** A file's decoder, and what it says of bytes: whether they are refused by an error of ours. */
function refuses(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return false;
  } catch (error) {
    if (isMclnnError(error)) return true;
    throw error;
  }
}

/** Flips every bit, or every so many, and cuts at every byte. */
function damageAll(
  name: string,
  bytes: Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
  tally: Tally,
  stride: number,
): void {
  tally.expect(!refuses(decode, bytes), `${name}: refused though whole`);
  const copy = bytes.slice();
  for (let bit = 0; bit < 8 * bytes.length; bit += stride) {
    const at = bit >> 3;
    copy[at] = bytes[at] ^ (1 << (bit & 7));
    tally.expect(refuses(decode, copy), `${name}: bit ${bit & 7} of byte ${at} flipped, accepted`);
    copy[at] = bytes[at];
  }
  for (let length = 0; length < bytes.length; length += stride)
    tally.expect(
      refuses(decode, bytes.subarray(0, length)),
      `${name}: cut to ${length} bytes, accepted`,
    );
}

export const damage: Promised = {
  name: "damage",
  promise:
    "A damaged checkpoint is never loaded: every bit flipped, every length cut; the one before it is used, and that is said",
  async check(size, tally) {
    const [adam] = RESTART_CASES;
    const { states, result } = await keptRun((adam as (typeof RESTART_CASES)[0]).options);
    const state = states.at(-1) as TrainingState;
    const bytes = encodeCheckpoint({ config: { options: { seed: 3 } }, state });
    tally.notes.push(`checkpoint of ${bytes.length} bytes`);
    const stride = size === "full" ? 1 : 7;
    const read = (changed: Uint8Array) => decodeCheckpoint(changed, { source: "checkpoint" });
    damageAll("checkpoint", bytes, read, tally, stride);
    const model = encodeModel(result.model);
    const readModel = (changed: Uint8Array) => decodeModel(changed, { source: "model" });
    damageAll("model", model, readModel, tally, stride);

    await inFolder(async (folder) => {
      const open = await openCheckpointFolder(folder, "--checkpoint");
      const before = states.at(-2) as TrainingState;
      await open.save({ config: {}, state: before });
      await open.save({ config: {}, state });
      const newest = path.join(
        folder,
        (await readdir(folder)).filter(isCheckpoint).sort().at(-1) as string,
      );
      const whole = await readFile(newest);
      for (let at = 0; at < whole.length; at += size === "full" ? 97 : 1009) {
        const damaged = whole.slice();
        damaged[at] = whole[at] ^ 16;
        await writeFile(newest, damaged);
        const said: string[] = [];
        const found = await open.newest((text) => said.push(text));
        tally.expect(
          found?.state?.iteration === before.iteration && said.join("").includes(newest),
          `newest checkpoint damaged at byte ${at}: iteration ${found?.state?.iteration}, said "${said}"`,
        );
      }
      await open.close();
    });
  },
};

const isCheckpoint = (name: string): boolean => name.startsWith("checkpoint-");
