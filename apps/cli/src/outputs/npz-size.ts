import { MclnnError } from "@mclnn/physics";

/** A zip archive without the 64-bit extension, which NPZ files here are. */
const LARGEST = 2 ** 32 - 1;

/**
 * Refuses trajectories that no NPZ file holds before they are computed.
 *
 * @param option - that asks for so many records
 * @throws MclnnError `too-large`
 */
export function checkNpzSize(
  {
    trajectories,
    records,
    particles,
    dimension,
  }: { trajectories: number; records: number; particles: number; dimension: number },
  option: string,
): void {
  const record = 2 * particles * dimension * Float64Array.BYTES_PER_ELEMENT;
  const most = Math.floor(LARGEST / record / trajectories);
  if (records > most)
    throw new MclnnError("so many records do not fit into one file", {
      code: "too-large",
      argument: option,
      expected: `at most ${Math.floor(LARGEST / record)} records in all of ${particles} bodies, 4 GiB`,
      got: trajectories === 1 ? `${records}` : `${trajectories} x ${records}`,
      mend: "Keep fewer of the steps, with a longer --stride, or make several files.",
    });
}
