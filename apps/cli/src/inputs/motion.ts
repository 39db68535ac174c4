import type { Random } from "@mclnn/datasets";
import { baoab, eulerMaruyama, type Integrator } from "@mclnn/integrators";
import { type Model, motionOf } from "@mclnn/models";
import { given } from "../options/given.ts";
import { required } from "../options/required.ts";
import { refuseUnread } from "../options/unread.ts";

/** Options that say what drives a motion beside forces. */
export interface MotionOptions {
  readonly motion?: "newtonian" | "overdamped" | "langevin";
  readonly diffusion?: readonly number[];
  readonly friction?: number;
  readonly temperature?: number;
  readonly integrator?: string;
}

/** The method of a motion that noise drives; undefined for Newtonian motion. @throws MclnnError of kind `input` */
export function noisyMethod(options: MotionOptions, random: Random): Integrator | undefined {
  const { motion = "newtonian", diffusion, friction, temperature, integrator } = options;
  const unread = {
    newtonian: { "--diffusion": diffusion, "--friction": friction, "--temperature": temperature },
    overdamped: { "--friction": friction, "--integrator": integrator },
    langevin: { "--diffusion": diffusion, "--integrator": integrator },
  };
  const mends = {
    newtonian: "--motion overdamped and langevin read them.",
    overdamped: "It is Euler-Maruyama with --diffusion.",
    langevin: "It is BAOAB with --friction.",
  };
  refuseUnread(unread[motion], `--motion ${motion}`, mends[motion]);
  if (motion === "newtonian") return undefined;
  const common = { random, ...given({ temperature }) };
  if (motion === "langevin")
    return baoab({ friction: required(friction, "--friction", "GAMMA, a rate"), ...common });
  const own = required(diffusion, "--diffusion", "D, length^2 a time");
  return eulerMaruyama({ diffusion: own.length === 1 ? (own[0] as number) : own, ...common });
}

/** What a model says of its motion, where options do not: as if it were given. @throws MclnnError `bad-model` */
export function withOwnMotion<O extends MotionOptions>(options: O, model: Model | undefined): O {
  const own = model === undefined ? null : motionOf(model);
  if (own === null || (options.motion ?? own.kind) !== own.kind) return options;
  const { kind, diffusion, friction, temperature } = own;
  return { motion: kind, temperature, ...given({ diffusion, friction }), ...given(options) } as O;
}
