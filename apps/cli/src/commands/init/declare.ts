import { spec } from "../../options/options.ts";

export const INIT = spec({
  name: "init",
  operands: [{ name: "dir", help: "folder for the project, new or empty" }],
  summary: "write a small project with a potential of your own",
  description:
    "Writes a project to begin with: a potential in TypeScript, a start, and a program that makes data, learns the law back, " +
    "compares and draws. `npm install` and `npm start` run it.",
  options: {},
  examples: ["mclnn init my-law"],
});
