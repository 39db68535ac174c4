import { render } from "preact";
import type { Page } from "../session/page.ts";
import { FilePanel } from "./file-panel.tsx";
import { Meters } from "./meters.tsx";
import { Plot } from "./plot.tsx";
import { Findings, Message, Take } from "./results.tsx";
import { SceneBar } from "./scene-bar.tsx";
import { Share } from "./share.tsx";
import { Stage } from "./stage.tsx";
import { TITLE } from "./words.ts";

/** Puts the page in its place. */
export function mount(root: Element, page: Page): void {
  root.textContent = "";
  render(<App page={page} />, root);
}

function App({ page }: { page: Page }) {
  const shows = (part: string): boolean => !page.hide.value.includes(part);
  return (
    <div
      class="app"
      data-state={page.state.value}
      onPointerDownCapture={() => page.touch()}
      onKeyDownCapture={() => page.touch()}
    >
      <header class="head">
        <h1>{TITLE}</h1>
        <div class="head-actions">
          {shows("file") && <FilePanel page={page} />}
          {shows("share") && <Share page={page} />}
        </div>
      </header>
      {shows("law") && page.file.value === null && <SceneBar page={page} />}
      <main class="main">
        <Stage page={page} />
        <Plot page={page} />
        <div class="results">
          <Controls page={page} />
          <Message page={page} />
        </div>
        <div class="results">
          <Actions page={page} />
          <Meters page={page} />
          <Findings page={page} />
          <Take page={page} />
        </div>
      </main>
      <About />
    </div>
  );
}

/** What moves the dots and records them. */
function Controls({ page }: { page: Page }) {
  const { session } = page;
  const { playing, recording } = session;
  if (page.file.value !== null)
    return (
      <div class="controls">
        <button type="button" onClick={() => page.change({})}>
          Back to the dots
        </button>
      </div>
    );
  const testing = page.test.value !== null;
  return (
    <div class="controls">
      <button type="button" onClick={() => page.play()}>
        {playing.value ? "Pause" : "Play"}
      </button>
      <button
        type="button"
        class="record"
        aria-pressed={recording.value}
        onClick={() => page.record()}
      >
        {recording.value ? "Stop" : session.records.value > 0 ? "Record more" : "Record"}
      </button>
      <button
        type="button"
        title="Another throw, from a new start"
        onClick={() => page.throwAgain()}
      >
        Throw
      </button>
      <button
        type="button"
        disabled={page.law.value === null}
        aria-pressed={testing}
        onClick={() => (testing ? page.endTest() : page.runTest())}
      >
        {testing ? "End the test" : "Test it"}
      </button>
      <label class="speed">
        Speed
        <select
          value={String(page.speed.value)}
          onChange={(event) => {
            page.speed.value = Number(event.currentTarget.value);
          }}
        >
          <option value="0.25">1/4</option>
          <option value="1">1</option>
          <option value="2">2</option>
        </select>
      </label>
    </div>
  );
}

/** What can be done with the law, beside the plot. */
function Actions({ page }: { page: Page }) {
  const { guessing, drawing, revealed, law, formula } = page;
  if (page.file.value !== null && law.value === null) return null;
  const live = page.file.value === null;
  return (
    <div class="actions">
      {drawing.value ? (
        <button type="button" class="main-action" onClick={() => page.useDrawing()}>
          Throw dots by this law
        </button>
      ) : (
        <>
          {live && !guessing.value && (
            <button type="button" onClick={() => page.startGuess()}>
              Draw your guess
            </button>
          )}
          {live && (
            <button
              type="button"
              aria-pressed={revealed.value}
              disabled={law.value === null && !guessing.value}
              onClick={() => page.reveal()}
            >
              {revealed.value ? "Hide the true law" : "Show the true law"}
            </button>
          )}
          {law.value?.effort === "usual" && (
            <button
              type="button"
              disabled={formula.value === "looking"}
              onClick={() => void page.nameIt()}
            >
              Name the formula
            </button>
          )}
        </>
      )}
    </div>
  );
}

function About() {
  return (
    <footer class="about">
      <details>
        <summary>What is this?</summary>
        <p>
          Any pair of dots acts on each other with a force that depends on their distance alone, and
          on nothing else. The page draws that force as V'(r): above zero dots pull each other,
          below they push. It learns the curve from recorded positions only, by the same program
          that learns from simulations and laboratory tracks (MCLNN), and says how far to believe
          it: the band is two error bars on each side.
        </p>
        <p>
          Everything is computed in your browser. No data leave this computer, and nothing is kept.
        </p>
        <p>
          Keys: Tab goes from dot to dot and on to every control. Arrow keys move a dot, or the tip
          of its arrow; with Shift they move it finely. Escape ends a drag where it began.
        </p>
      </details>
    </footer>
  );
}
