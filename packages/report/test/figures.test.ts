import { DOMParser } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import {
  conservationFigure,
  type Figure,
  figureSvg,
  potentialFigure,
  type RunComparison,
  type RunSeries,
  type SystemSeries,
  systemFigures,
  tiltedFigure,
  trainingFigure,
  trajectoriesFigure,
} from "../src/index.ts";
import { renderPng } from "../src/node/index.ts";
import { syntheticSeries } from "./synthetic-series.ts";

let series: SystemSeries;
let figures: Map<string, Figure>;

beforeAll(async () => {
  series = syntheticSeries({ records: 3000 });
  const drawn = await systemFigures(series, { system: "Linear spring" });
  figures = new Map(drawn.map((figure) => [figure.name, figure]));
}, 60_000);

const svgOf = (name: string): string => figureSvg(figures.get(name) as Figure);

const EXPECTED = [
  {
    name: "potential",
    panels: 3,
    texts: [
      "V(r), aligned",
      "Slope V'(r) = dV/dr",
      "Error of V'(r)",
      "V' within",
      "separation r",
      "separations seen in training",
      "MCLNN",
      "spline",
    ],
  },
  {
    name: "trajectories",
    panels: 4,
    texts: [
      "Truth",
      "LNN",
      "numbered where they are last",
      "Reduced units",
      "Paths from t = 288.0 to t = 299.9",
    ],
  },
  {
    name: "conservation",
    panels: 8,
    texts: [
      "Lagrangian ℒ = T − V",
      "Energy H = T + V",
      "|P|",
      "|L|",
      "Error of L, |ΔL|",
      "time (reduced units)",
      "10⁻⁴ away",
      "10⁻¹²",
      "drawn on its lower edge",
    ],
  },
  {
    name: "tilted",
    panels: 8,
    texts: [
      "Error of position, test start",
      "Error of momentum, tilted start",
      "time (reduced units)",
    ],
  },
  {
    name: "training",
    panels: 4,
    texts: [
      "Rollout loss",
      "Acceleration loss",
      "time (s)",
      "iterations",
      "where the paper stops, 10⁻⁸",
    ],
  },
] as const;

describe.each(EXPECTED)("$name", ({ name, panels, texts }) => {
  test("has its panels, labels and units", () => {
    expect(figures.get(name)?.panels.length).toBe(panels);
    const document = new DOMParser().parseFromString(svgOf(name), "image/svg+xml");
    const text = [...document.querySelectorAll("text")]
      .map((each: { textContent: string }) => each.textContent)
      .join(" ");
    for (const expected of texts) expect(text).toContain(expected);
  });

  test("is well-formed, has no NaN, a namespace, a title, no background, and less than 200 kB", () => {
    const svg = svgOf(name);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 \d+ \d+"/);
    expect(svg).toContain('role="img"');
    expect(svg).toContain("<title");
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(svg).not.toMatch(/<(?:style|script|image|foreignObject)/);
    expect(Buffer.byteLength(svg)).toBeLessThan(200_000);
    expect(svg).toContain("currentColor");
  });

  test("clips refer to ids that exist, once each", () => {
    const svg = svgOf(name);
    const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, id] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(id);
  });

  test("draws each model of its legend in its colour", () => {
    const { legend = [] } = figures.get(name) ?? {};
    for (const { stroke, kind } of legend)
      if (kind === "line") expect(svgOf(name).split(stroke.colour).length).toBeGreaterThan(2);
  });
});

test("the same series give the same bytes", async () => {
  const again = await systemFigures(syntheticSeries({ records: 3000 }), {
    system: "Linear spring",
  });
  expect(again.map(figureSvg)).toEqual([...figures.values()].map(figureSvg));
});

test("the curve of V' passes through the true slope", async () => {
  const figure = figures.get("potential") as Figure;
  const path = /stroke="#0072B2"[^>]*>\s*<path[^>]* d="M([\d.]+) ([\d.]+)/.exec(
    figure.panels[0]?.content ?? "",
  );
  // Left edge of the frame: r = 0.4, V' = -0.6 in [-0.72, 1.52].
  expect(Number(path?.[1])).toBeCloseTo(62, 0);
  expect(Number(path?.[2])).toBeGreaterThan(200);
});

describe("series that are not as one would like", () => {
  const short = syntheticSeries({ records: 30 });

  test("a model that diverged ends early and leaves no NaN", async () => {
    const lnn = short.rollout.models.lnn as NonNullable<RunComparison["models"][string]>;
    const cut = (values: ArrayLike<number> | undefined): number[] => [
      ...Array.from(values ?? []).slice(0, 12),
      1e200,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ];
    const diverged: RunComparison = {
      ...short.rollout,
      models: {
        ...short.rollout.models,
        lnn: {
          times: Array.from({ length: 15 }, (_, i) => i * 0.1),
          values: Object.fromEntries(
            Object.entries(lnn.values).map(([key, values]) => [key, cut(values)]),
          ),
          ownHamiltonian: cut(lnn.ownHamiltonian),
          errors: Object.fromEntries(
            Object.entries(lnn.errors ?? {}).map(([key, values]) => [key, cut(values)]),
          ),
          path: { times: [0, 0.1], positions: [...Array(9).fill(0.5), ...Array(9).fill(1e300)] },
        },
      },
    };
    const far = {
      ...diverged.models.lnn,
      path: { times: [0, 0.1], positions: Array(18).fill(1e4) },
    };
    const away = (await trajectoriesFigure(
      { ...diverged, models: { lnn: far as RunSeries } },
      short,
    )) as Figure;
    expect(away.panels.map(({ content }) => />all outside the frame</.test(content))).toEqual([
      false,
      true,
    ]);
    for (const figure of [
      away,
      await conservationFigure(diverged),
      await tiltedFigure({ rollout: diverged, tilted: diverged }),
      (await trajectoriesFigure(diverged, short)) as Figure,
    ]) {
      const svg = figureSvg(figure);
      expect(svg).not.toMatch(/NaN|Infinity|e\+\d/);
      // resvg aborts the whole process on a clipped group outside the picture: getting here is the test.
      expect((await renderPng(svg, { scale: 1 })).length).toBeGreaterThan(1000);
    }
  });

  test("two chaos floors, each with its start in the legend and a line in every panel of errors", async () => {
    const { chaos, ...run } = short.rollout;
    if (chaos === undefined) throw new Error("the series has no floor");
    const draw = async (closer: NonNullable<RunComparison["closer"]>): Promise<Figure> =>
      conservationFigure({ ...run, chaos, closer });
    const one = await draw([]);
    const two = await draw([{ ...chaos, offset: 1e-8 }]);
    const floors = ({ legend }: Figure): string[] =>
      legend.map(({ label }) => label).filter((label) => label.includes("chaos floor"));
    expect(floors(one)).toEqual(["truth started 10⁻⁴ away (chaos floor)"]);
    expect(floors(two)).toEqual([
      "truth started 10⁻⁴ away (chaos floor)",
      "truth started 10⁻⁸ away (chaos floor)",
    ]);
    const paths = (figure: Figure, k: number): number =>
      (figure.panels[k]?.content.match(/<path/g) ?? []).length;
    for (const k of [1, 3, 5, 7]) expect(paths(two, k)).toBe(paths(one, k) + 1);
    for (const k of [0, 2, 4, 6]) expect(paths(two, k)).toBe(paths(one, k));
  });

  test("nothing but zeros", async () => {
    const zeros = new Float64Array(50);
    const times = zeros.map((_, i) => i / 10);
    const values = {
      lagrangian: zeros,
      hamiltonian: zeros,
      linearMomentum: zeros,
      angularMomentum: zeros,
    };
    const run: RunComparison = {
      truth: { times, values },
      models: { mclnn: { times, values, errors: { ...values, position: zeros } } },
    };
    expect(figureSvg(await conservationFigure(run))).not.toMatch(/NaN|Infinity/);
    expect(figureSvg(await tiltedFigure({ rollout: run, tilted: run }))).not.toMatch(
      /NaN|Infinity/,
    );
  });

  test("a run alone, without models or energies", async () => {
    const { truth } = short.rollout;
    const alone: RunComparison = {
      truth: {
        times: truth.times,
        values: { linearMomentum: truth.values.linearMomentum ?? [] },
        ...(truth.path === undefined ? {} : { path: truth.path }),
      },
      models: {},
    };
    expect((await conservationFigure(alone, { truth: "run" })).panels.length).toBe(1);
    const paths = (await trajectoriesFigure(alone, short, { truth: "run" })) as Figure;
    expect(paths.panels.map(({ heading }) => heading)).toEqual(["Run"]);
    expect(
      await trajectoriesFigure({ truth: { times: [], values: {} }, models: {} }, short),
    ).toBeUndefined();
  });

  test("a law without a truth, with a band of two standard deviations, gravity's ranges on a logarithmic axis", async () => {
    const separations = Float64Array.from({ length: 100 }, (_, i) => 0.5 + (i * 13) / 99);
    const slope = separations.map((r) => 1 / (r * r));
    const figure = await potentialFigure({
      separations,
      trainingRanges: [
        [0.6, 2.03],
        [5.92, 12],
      ],
      models: {
        mclnn: { energy: separations.map((r) => -1 / r), slope, slopeSd: slope.map((s) => s / 20) },
      },
    });
    const svg = figureSvg(figure);
    expect(figure.panels.length).toBe(2);
    expect(svg).toContain("logarithmic");
    expect(svg).toContain("two standard deviations");
    expect(svg.match(/<rect/g)?.length).toBeGreaterThanOrEqual(4);
  });

  test("a law in SI units has the same curves as in its own: V of 1e-20 fills its panel", async () => {
    const figureOf = (length: number, energy: number): Promise<Figure> => {
      const own = Float64Array.from({ length: 60 }, (_, i) => 0.95 + i / 30);
      const models = {
        spline: {
          energy: own.map((r) => energy * (r ** -12 - 2 * r ** -6)),
          slope: own.map((r) => (energy / length) * (-12 * r ** -13 + 12 * r ** -7)),
        },
      };
      return potentialFigure({
        separations: own.map((r) => length * r),
        trainingRanges: [[length, 2 * length]],
        models,
      });
    };
    const curvesOf = async (figure: Promise<Figure>) =>
      figureSvg(await figure)
        .match(/<path[^>]* d="M[^"]*"/g)
        ?.filter((path) => path.length > 200)
        .map((path) => path.match(/-?\d+(\.\d+)?/g)?.map((number) => Math.round(Number(number))));
    const plain = await curvesOf(figureOf(1, 1));
    expect(plain?.length).toBeGreaterThanOrEqual(2);
    expect(await curvesOf(figureOf(2 ** -32, 2 ** -66))).toEqual(plain);
  });

  test("a curve of two points lies inside the frame beside one of a thousand", async () => {
    const long = Float64Array.from({ length: 1000 }, (_, i) => 1 / (i + 1));
    const figure = await trainingFigure({
      lnn: { seconds: long.map((_, i) => i + 1), loss: long, lossKind: "rollout" },
      mclnn: { seconds: [1, 2], loss: [1e-6, 1e-9] },
    });
    expect(figureSvg(figure)).toContain("10⁻¹⁰");
  });

  test("a training of one point, and one that reached zero", async () => {
    const figure = await trainingFigure({
      spline: { seconds: [0.03], loss: [1e-20], iterations: [1] },
      mclnn: { seconds: [0, 0.1], loss: [1, 0] },
    });
    expect(figureSvg(figure)).not.toMatch(/NaN|Infinity/);
  });

  test("hostile names are text", async () => {
    const hostile = '</svg><script>alert("x")</script>&amp;\u0000';
    const figure = await conservationFigure(
      {
        ...short.rollout,
        models: {
          [hostile]: short.rollout.models.mclnn as NonNullable<RunComparison["models"][string]>,
        },
      },
      { system: hostile, truth: hostile },
    );
    const svg = figureSvg(figure);
    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u0000");
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
    expect(svg).toContain("&lt;/svg&gt;&lt;script&gt;");
  });
});
