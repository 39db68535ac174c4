import {
  type CompareResults,
  comparePage,
  type DocumentBlock,
  documentPage,
  type Figure,
  figureSvg,
  plotFigure,
} from "@mclnn/report";

/** A page with one text in every place that takes a text. */
export interface HostilePage {
  readonly name: string;
  readonly html: string;
}

/** All kinds of pages and pictures that the project writes, with `text` for every title, name, key, caption, cell and remark. */
export async function hostilePages(text: string): Promise<readonly HostilePage[]> {
  const figure = await hostileFigure(text);
  const blocks: DocumentBlock[] = [
    ...(["text", "heading", "quote", "code", "failure"] as const).map((kind) => ({ kind, text })),
    { kind: "facts", rows: [[text, text]] },
    {
      kind: "table",
      table: { caption: text, columns: [{ title: text }, { title: text }], rows: [[text, text]] },
    },
    { kind: "figure", figure, text },
  ];
  const document = documentPage({
    title: text,
    introduction: [text],
    sections: [{ title: text, blocks }],
    footer: text,
  });
  const comparison = comparePage({
    results: hostileResults(text),
    figures: { [text]: [figure] },
    title: text,
  });
  return [
    { name: "document", html: document },
    { name: "comparison", html: comparison },
    // A browser may be given the picture by itself.
    { name: "picture", html: figureSvg(figure) },
  ];
}

function hostileFigure(text: string): Promise<Figure> {
  return plotFigure({
    name: text,
    title: text,
    description: text,
    note: text,
    shade: text,
    panels: [
      {
        heading: text,
        x: { label: text },
        series: [
          { label: text, x: [0, 1, 2], y: [1, 3, 2] },
          { label: `${text}2`, look: text, dashed: true, x: [0, 1, 2], y: [0, 3, 1] },
        ],
        shades: [[0.5, 1.5]],
        levels: [1],
      },
    ],
  });
}

function hostileResults(text: string): CompareResults {
  const error = { mae: 1e-3, max: 2e-3 };
  const rollout = {
    ...{ records: 10, divergedAt: 3, lagrangian: error, hamiltonian: error },
    ...{ linearMomentum: error, angularMomentum: error, position: error },
  };
  const model = {
    ...{ title: text, file: text, parameters: 3, trainLoss: 1e-9, validationLoss: null },
    ...{ trainSeconds: 1, rollout, tilted: rollout },
    slopeError: { mean: 1e-3, max: 1e-2, range: [[0.5, 2]] as const },
  };
  const flat = [
    [0, 0],
    [1, 0],
  ];
  const system = {
    ...{ title: text, formula: text, parameters: { [text]: 1 }, coupling: text, integrator: text },
    ...{ masses: [1, 1], dimension: 2 as const, dt: 0.01, stride: 10, truth: { hamiltonian: 1 } },
    trainingData: { trajectories: 1, records: 2, scheme: text },
    starts: { test: { positions: flat, velocities: flat } },
    chaosFloor: { offset: 1e-4, position: error },
    models: { [text]: model },
  };
  return {
    ...{ version: 1, seed: 100, command: text, seconds: 1, systems: { [text]: system } },
    software: { [text]: text, node: text, list: [text, { [text]: text }] },
  };
}
