import { formatNumber } from "../../data/number-text.ts";
import { allLaws, lawsJobs, type SystemLaws } from "../results/laws.ts";
import { percent } from "../results/percent.ts";
import { lawsJob } from "../studies/jobs.ts";
import { atMost, type Claim, judged, perSystem } from "./claim.ts";

/** What is learned: the law itself, where it was seen, between and beyond, and for more bodies. */
export const lawClaims: readonly Claim[] = [
  {
    name: "learns-the-law",
    figure: "fig5-gravity",
    short: "MCLNN learns the pair law where there are data",
    quote:
      "the MCLNN is able to learn the pairwise potential energy function accurately for the qij values in the training set",
    section: "4.4, Fig. 5",
    rule: [
      "mean error of V' over the training separations at most 1e-3 of the mean |V'|, all three systems",
      "at most 1e-2",
    ],
    depends: "V itself is fixed up to a constant: judged by V'",
    jobs: lawsJobs,
    judge(results, settings) {
      const laws = allLaws(results, settings);
      const error = ({ models }: SystemLaws): number => models.mclnn.slopeError.relativeMean;
      return atMost(
        laws.map(error),
        [1e-3, 1e-2],
        perSystem(laws, (law) => formatNumber(error(law))),
      );
    },
  },
  {
    name: "interpolates",
    figure: "fig5-gravity",
    short: "MCLNN interpolates excellently",
    quote: "the MCLNN is able to interpolate values excellently",
    section: "4.4",
    rule: [
      "in gravity's gap between the two ranges of training separations V' is off by at most 1 % on average",
      "at most 25 %",
    ],
    depends:
      "nothing in the data fixes V or V' there: it depends on the network and its first weights",
    jobs: (settings) => [lawsJob(settings, "gravity")],
    judge(results, settings) {
      const { mclnn } = results.of(lawsJob(settings, "gravity")).models;
      const gap = mclnn.gapRelative ?? Infinity;
      return atMost([gap], [0.01, 0.25], `V' off by ${percent(gap)} in the gap`);
    },
  },
  {
    name: "extrapolates",
    figure: "fig5-quartic-spring",
    short: "MCLNN extrapolates reasonably",
    quote: "and extrapolate reasonably",
    section: "4.4",
    rule: [
      "beyond the training separations, up to 15 % of their span, V' is off by at most 5 % on average, all three systems",
      "at most 50 %",
    ],
    depends: "how far beyond; nothing in the data fixes V' there",
    jobs: lawsJobs,
    judge(results, settings) {
      const laws = allLaws(results, settings);
      const error = ({ models }: SystemLaws): number => models.mclnn.outsideRelative;
      return atMost(
        laws.map(error),
        [0.05, 0.5],
        perSystem(laws, (law) => percent(error(law))),
      );
    },
  },
  {
    name: "any-number",
    figure: "fig4-lagrangian",
    short: "MCLNN generalises to twice the bodies",
    quote:
      "once the generative model has been learned, MCLNN can generalize it to predict the trajectory of systems with any number of particles",
    section: "4.3, Fig. 4 and 7",
    rule: [
      "L of twice the bodies within 1e-3 of its largest value over the run, from the hard starts too",
      "where the separations stay in the range of the training",
    ],
    depends: "the starts of the larger systems, which the paper does not give",
    jobs: lawsJobs,
    judge(results, settings) {
      const runs = allLaws(results, settings);
      const easy = Math.max(...runs.map(({ larger }) => larger.lagrangianRelative ?? Infinity));
      const hard = Math.max(
        ...runs.map(({ harder }) => (harder ? (harder.lagrangianRelative ?? Infinity) : 0)),
      );
      return judged(
        easy <= 1e-3 && hard <= 1e-3,
        easy <= 1e-3,
        `relative error of L up to ${formatNumber(easy)}; hard starts ${formatNumber(hard)}`,
      );
    },
  },
];
