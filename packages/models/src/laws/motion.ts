import { MclnnError } from "@mclnn/physics";
import { checkArgument } from "@mclnn/physics/arguments";
import type { Model } from "./model.ts";

/** How particles move under a law that was learned from tracks which noise drives. */
export interface Motion {
  readonly kind: "overdamped" | "langevin";
  /** Of motion without inertia, length^2 a time: one for all particles, or one a species number. The law is then in units of kT. */
  readonly diffusion?: readonly number[];
  /** Of Langevin motion, a rate. */
  readonly friction?: number;
  /** kT, in the unit of energy of the law: 1 where there is no inertia. */
  readonly temperature: number;
  /** Standard deviation of a component of a place as the camera saw it. */
  readonly noise: number;
}

/** How a model's particles move beside its forces; null for Newtonian motion. @throws MclnnError `bad-model` where its record says what makes no sense */
export function motionOf(model: Pick<Model, "record">): Motion | null {
  checkArgument("model", model, { record: {} });
  const { motion } = model.record;
  if (motion === undefined || motion === null) return null;
  const argument = "record.motion";
  const words = { code: "bad-model" } as const;
  checkArgument(argument, motion, { temperature: "positive", noise: "number" }, words);
  const { kind, diffusion, friction } = motion as unknown as Motion;
  if (kind === "overdamped" && diffusion !== undefined) {
    checkArgument(`${argument}.diffusion`, diffusion, "numbers", words);
    if (diffusion.length > 0 && diffusion.every((d) => d > 0)) return motion as unknown as Motion;
  }
  if (kind === "langevin" && friction !== undefined) {
    checkArgument(`${argument}.friction`, friction, "positive", words);
    return motion as unknown as Motion;
  }
  throw new MclnnError("the motion of a model cannot be used", {
    code: "bad-model",
    argument,
    expected: "overdamped with diffusion above 0, or langevin with friction",
    got: JSON.stringify(motion),
  });
}
