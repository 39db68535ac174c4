import { checkArgument } from "@mclnn/physics/arguments";

/** Where a stochastic method takes its noise from: `createRandom(seed)` of `@mclnn/datasets` is one. */
export interface NormalSource {
  /** The next normal number of mean 0 and variance 1. */
  normal(): number;
}

/** Refuses what gives no normal numbers. @throws MclnnError `bad-argument` */
export function checkNormals(random: NormalSource): void {
  checkArgument("random", random, { normal: "function" }, { mend: "Give createRandom(seed)." });
}
