import type { FileKind } from "../learner/protocol.ts";
import type { Page } from "../session/page.ts";
import { FileFacts } from "./file-panel.tsx";
import { saveBytes, savePicture } from "./save.ts";
import { percent, SAYS } from "./words.ts";

/** What the page has to say now, and what the law rests on. Screen readers are told of states, not of every record. */
export function Message({ page }: { page: Page }) {
  const state = page.state.value;
  const law = page.law.value;
  const { senders } = page.session;
  const same = senders.value !== null && law?.hash === senders.value;
  return (
    <div class="message">
      <p class={state === "refused" || state === "diverged" ? "says problem" : "says"}>
        {SAYS[state](page)}
      </p>
      <p class="hidden" role="status">
        {STATUS[state]?.(page) ?? ""}
      </p>
      {page.file.value !== null && <FileFacts page={page} file={page.file.value} />}
      {law !== null && (
        <p class="facts">
          {law.records} positions, learned in {seconds(law.milliseconds)}
          {law.error !== null && <>, error bar {percent(law.error)}</>}
          {law.noise !== null && <>, noise found {law.noise.toPrecision(2)}</>}
          {page.learning.value && <span class="chip">learning</span>}
        </p>
      )}
      {law?.terms.map(({ name, text }) => (
        <p class="facts" key={name}>
          {name}: {text}
        </p>
      ))}
      {law?.effort === "usual" && senders.value !== null && (
        <p class="facts">
          {same
            ? `The same bits as the sender's law: ${law.hash}.`
            : `Not the sender's law: ${law.hash} here, ${senders.value} there.`}
        </p>
      )}
      <Named page={page} />
    </div>
  );
}

/** Milestones only, so that nobody is talked to all the time. */
const STATUS: Partial<Record<Page["state"]["value"], (page: Page) => string>> = {
  recording: () => "Recording.",
  learned: ({ law }) =>
    `Law found.${law.value?.error ? ` Error bar ${percent(law.value.error)}.` : ""}`,
  revealed: (page) => SAYS.revealed(page),
  testing: () => SAYS.testing({} as Page),
  refused: (page) => SAYS.refused(page),
  diverged: (page) => SAYS.diverged(page),
  "too-little": (page) => SAYS["too-little"](page),
};

function seconds(milliseconds: number): string {
  return milliseconds < 100
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;
}

const VERDICTS = {
  identified: "One formula explains the law:",
  several: "Several formulas explain the law as well:",
  none: "No formula of a few constants explains this law.",
  "not-judged": "What the law leaves is not noise: no formula can be judged.",
} as const;

function Named({ page }: { page: Page }) {
  const formula = page.formula.value;
  if (formula === null) return null;
  if (formula === "looking") return <p class="facts">Looking for a formula.</p>;
  return (
    <div class="formula">
      <p>{VERDICTS[formula.verdict]}</p>
      {formula.formulas.map(({ name, form, constants }) => (
        <p key={form}>
          <strong>{name}</strong>: <code>V = {form}</code>
          {constants.map((each) => (
            <span class="constant" key={each.name}>
              {each.name} = {each.value.toPrecision(3)}
              {Number.isFinite(each.sd) && ` \u00b1 ${each.sd.toPrecision(1)}`}
            </span>
          ))}
        </p>
      ))}
    </div>
  );
}

/** What the records show and a law of pairs cannot explain. */
export function Findings({ page }: { page: Page }) {
  const law = page.law.value;
  if (law === null || law.effort === "preview" || law.findings.length === 0) return null;
  return (
    <section class="findings" aria-label="Findings">
      {law.findings.slice(0, 3).map(({ kind, text, try: mend, term }) => (
        <div class="finding" key={kind}>
          <p>{text}</p>
          {term === null ? (
            <p class="note">{mend}</p>
          ) : (
            <button type="button" onClick={() => page.learnToo(term)}>
              Learn {term} too
            </button>
          )}
        </div>
      ))}
    </section>
  );
}

const FILES: readonly (readonly [FileKind, string])[] = [
  ["law.csv", "law, CSV"],
  ["law.npz", "law, NumPy"],
  ["law.safetensors", "model for mclnn simulate"],
  ["records.npz", "records, NumPy"],
  ["records.csv", "records, CSV"],
];

/** Files to take away, and the command that does the same. */
export function Take({ page }: { page: Page }) {
  if (page.law.value?.effort !== "usual") return null;
  const data = page.file.value === null ? "records.npz" : page.fileName.value;
  return (
    <details class="take">
      <summary>Take it with you</summary>
      <p class="files">
        {FILES.map(([name, label]) => (
          <button
            type="button"
            key={name}
            onClick={() => void page.write(name).then((bytes) => saveBytes(name, bytes))}
          >
            {label}
          </button>
        ))}
        <button type="button" onClick={() => savePicture("law.png")}>
          picture, PNG
        </button>
      </p>
      <p>The same on the command line:</p>
      <pre>
        <code>{`npx @mclnn/cli train --data ${data} --model spline --out law.safetensors\nnpx @mclnn/cli law --model law.safetensors --out law.svg`}</code>
      </pre>
    </details>
  );
}
