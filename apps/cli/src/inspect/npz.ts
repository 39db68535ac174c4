import { decodeNpz } from "@mclnn/datasets";
import {
  bytesSource,
  holdPositions,
  type ReadTrajectories,
  readTrajectories,
} from "@mclnn/datasets/formats";
import type { Fact } from "../terminal/fact.ts";
import type { Description } from "./description.ts";
import { describeTrajectories } from "./trajectories.ts";

/** What an NPZ file holds: trajectories where it has positions, plain arrays else. @param read - trajectories, as options say. @throws MclnnError of kind `input` */
export async function describeNpz(
  bytes: Uint8Array,
  path: string,
  read: () => Promise<ReadTrajectories> = () => readTrajectories(bytesSource(path, bytes)),
): Promise<Description> {
  const arrays = decodeNpz(bytes, { source: path });
  if (holdPositions(arrays)) return describeTrajectories(await read());
  const listed = [...arrays].map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
  const shown = listed.map(
    ({ name, dtype, shape }): Fact => [name, `${dtype} [${shape.join(" x ")}]`],
  );
  return { kind: "arrays", facts: [["arrays", null, { arrays: listed }], ...shown] };
}
