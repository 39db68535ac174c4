import { formatNumber } from "../../data/number-text.ts";
import { allLaws, lawsJobs } from "../results/laws.ts";
import { percent } from "../results/percent.ts";
import { lawsJob } from "../studies/jobs.ts";
import { type Claim, judged } from "./claim.ts";

/** What is learned: the law itself, where it was seen, between and beyond, and for more bodies. */
export const lawClaims: readonly Claim[] = [
  {
    name: "learns-the-law",
    short: "MCLNN learns the pair law where there are data",
    quote:
      "the MCLNN is able to learn the pairwise potential energy function accurately for the qij values in the training set",
    section: "4.4, Fig. 5",
    rule: {
      holds:
        "mean error of V' over the training separations at most 1e-3 of the mean |V'|, all three systems",
      "holds within limits": "at most 1e-2",
      "does not hold": "else",
    },
    depends: "V itself is fixed up to a constant: judged by V'",
    jobs: lawsJobs,
    judge(results, settings) {
      const errors = allLaws(results, settings).map(({ title, models }) => ({
        title,
        error: models.mclnn.slopeError.relativeMean,
      }));
      const most = Math.max(...errors.map(({ error }) => error));
      return judged(
        most <= 1e-3,
        most <= 1e-2,
        errors.map(({ title, error }) => `${formatNumber(error)} (${title})`).join(", "),
      );
    },
  },
  {
    name: "interpolates",
    short: "MCLNN interpolates excellently",
    quote: "the MCLNN is able to interpolate values excellently",
    section: "4.4",
    rule: {
      holds:
        "in gravity's gap between the two ranges of training separations V' is off by at most 1 % on average",
      "holds within limits": "at most 25 %",
      "does not hold": "else",
    },
    depends:
      "nothing in the data fixes V or V' there: it depends on the network and its first weights",
    jobs: (settings) => [lawsJob(settings, "gravity")],
    judge(results, settings) {
      const { mclnn } = results.of(lawsJob(settings, "gravity")).models;
      const gap = mclnn.gapRelative ?? Infinity;
      return judged(gap <= 0.01, gap <= 0.25, `V' off by ${percent(gap)} in the gap`);
    },
  },
  {
    name: "extrapolates",
    short: "MCLNN extrapolates reasonably",
    quote: "and extrapolate reasonably",
    section: "4.4",
    rule: {
      holds:
        "beyond the training separations, up to 15 % of their span, V' is off by at most 5 % on average, all three systems",
      "holds within limits": "at most 50 %",
      "does not hold": "else",
    },
    depends: "how far beyond; nothing in the data fixes V' there",
    jobs: lawsJobs,
    judge(results, settings) {
      const errors = allLaws(results, settings).map(({ title, models }) => ({
        title,
        error: models.mclnn.outsideRelative,
      }));
      const most = Math.max(...errors.map(({ error }) => error));
      return judged(
        most <= 0.05,
        most <= 0.5,
        errors.map(({ title, error }) => `${percent(error)} (${title})`).join(", "),
      );
    },
  },
  {
    name: "any-number",
    short: "MCLNN generalises to twice the bodies",
    quote:
      "once the generative model has been learned, MCLNN can generalize it to predict the trajectory of systems with any number of particles",
    section: "4.3, Fig. 4 and 7",
    rule: {
      holds:
        "L of twice the bodies within 1e-3 of its largest value over the run, from the hard starts too",
      "holds within limits": "where the separations stay in the range of the training",
      "does not hold": "else",
    },
    depends: "the starts of the larger systems, which the paper does not give",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = allLaws(results, settings);
      const easy = Math.max(...runs.map(({ larger }) => larger.lagrangianRelative ?? Infinity));
      const hard = Math.max(
        ...runs.map(({ harder }) =>
          harder === null ? 0 : (harder.lagrangianRelative ?? Infinity),
        ),
      );
      return judged(
        easy <= 1e-3 && hard <= 1e-3,
        easy <= 1e-3,
        `relative error of L up to ${formatNumber(easy)}; hard starts ${formatNumber(hard)}`,
      );
    },
  },
];
