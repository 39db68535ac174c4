import { number, type OptionsOf, spec } from "../../options/options.ts";

const OPTIONS = {
  port: number("<n>", "port on this machine (default: any that is free)", {
    integer: true,
    atLeast: 1,
    atMost: 65_535,
  }),
};
export type PlaygroundOptions = OptionsOf<typeof OPTIONS>;

export const PLAYGROUND = spec({
  name: "playground",
  operands: [{ name: "file", help: "trajectories to open in the page", optional: true }],
  summary: "learn laws in the browser, from dots that you throw or from a file",
  description:
    "Serves a page on 127.0.0.1: throw dots, record them, and watch their law come out with its error band; or look at a file of your own. " +
    "Everything is computed in the page, and nothing leaves this computer. Ctrl-C ends it.",
  options: OPTIONS,
  examples: ["mclnn playground", "mclnn playground tracks.csv --port 8000"],
});
