/** Starts a learner from the file beside the page, which shares its parts with the page's own (`build.mjs`). */
export function startWorker(): Worker {
  return new Worker(new URL("learner.js", document.baseURI), { type: "module" });
}
