import { experimentByName } from "@mclnn/datasets";
import { train } from "@mclnn/learning";
import { slopeError } from "@mclnn/metrics";
import { kernelLeastSquares } from "../../laws/kernel-least-squares.ts";
import { splineCurve } from "../engine.ts";
import type { Measurement, TimeRow } from "../measurement.ts";
import { own, race } from "../race.ts";

/** Loss that a fit must reach: the paper's. */
const TARGET = 1e-8;
const ROUNDS = 5;

export const splineFit: Measurement = {
  name: "spline-fit",
  title: "A spline law from data",
  async measure({ problems, peers, quick }) {
    const { set, data, spline } = problems().rollout;
    const { basis, pass } = spline;
    const { pair } = experimentByName("linear-spring");
    const learn = () => train(set, { model: "spline", until: TARGET });
    const { model, trainLoss } = await learn();
    const ours = slopeError(model.pair, pair, { ranges: model.separations.ranges });
    const contenders = [own("MCLNN", learn)];
    const absent: Omit<TimeRow, "work">[] = [];
    if (peers !== null) {
      const fits = await peers.contenders("spline-solve", {
        of: (coefficients) => pass.loss(splineCurve(basis, coefficients)),
        words: (off) => `loss ${off.toExponential(1)}`,
      });
      absent.push(...fits.absent);
      contenders.push(...fits.ready);
    }
    const work = "spline law";
    const timed = await race(work, contenders, quick ? 1 : ROUNDS);
    const others: TimeRow[] = [];
    if (peers !== null) {
      // Another method: it has no rollout, so no loss that could be asked for. What it reaches is in the remark.
      const { slopes } = kernelLeastSquares(set);
      const error = slopeError({ slope: slopes[0] }, pair, { ranges: model.separations.ranges });
      const [row] = await race(
        work,
        [own("kernel least squares", () => kernelLeastSquares(set))],
        quick ? 1 : 2,
      );
      const least = timed[0]?.seconds?.minimum ?? Number.NaN;
      if (row?.seconds != null)
        others.push({
          ...row,
          ratio: row.seconds.minimum / least,
          note: `mean V' error ${error.mean.toExponential(1)} (ours ${ours.mean.toExponential(1)})`,
        });
    }
    return {
      times: [
        ...timed.map((row, k) =>
          k === 0 ? { ...row, note: `loss ${trainLoss.toExponential(1)}` } : row,
        ),
        ...absent.map((row) => ({ work, ...row })),
        ...others,
      ],
      goals: [],
      notes: [
        `${data.trajectories} trajectories, ${data.records - 1} records to a rollout loss of ${TARGET}: all of train() here; SciPy's least_squares with the vectorised pass from V' = 0 on the same ${basis.size} B-splines; least squares on finite-difference accelerations.`,
      ],
    };
  },
};
