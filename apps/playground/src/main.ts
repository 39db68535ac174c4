import { massesOf } from "./scene/scene.ts";
import { Page } from "./session/page.ts";
import { drawStage } from "./view/draw-stage.ts";
import { onFrame, runFrames } from "./view/frames.ts";
import { themeOf } from "./view/theme.ts";

const root = document.querySelector("#page") as HTMLElement;
const canvas = root.querySelector("canvas") as HTMLCanvasElement;

const page = new Page();
const theme = themeOf(canvas);
// Dots move as soon as this file is there; everything else comes after it.
const endOfPrelude = onFrame(() => {
  const { state, scene, preset } = page.session;
  drawStage(canvas, theme, {
    reach: preset.value.reach,
    positions: state.positions,
    masses: massesOf(scene.value),
    shown: scene.value.dots,
    trails: [],
    labels: true,
  });
});
runFrames((seconds) => page.frame(seconds));
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
void page.begin(location.hash.slice(1), { still });
void import("./view/app.tsx").then(({ mount }) => {
  endOfPrelude();
  mount(root, page);
  page.session.learner.warm();
});
// A link that is opened in the page itself.
addEventListener("hashchange", () => location.reload());
