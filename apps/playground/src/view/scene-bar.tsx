import { useSignal } from "@preact/signals";
import { presets } from "../scene/laws.ts";
import { type Fault, MOST_DOTS, NOISES } from "../scene/scene.ts";
import type { Page } from "../session/page.ts";
import { percent } from "./words.ts";

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  none: "nothing",
  drag: "drag",
  wind: "a wind",
  hidden: "a hidden dot",
};

/** Chooses the law, and what is thrown and recorded. */
export function SceneBar({ page }: { page: Page }) {
  const scene = page.session.scene.value;
  const writing = useSignal(false);
  const change = (to: Partial<typeof scene>): void => void page.change(to);
  return (
    <section class="scene" aria-label="What is thrown and recorded">
      <LawSelect
        page={page}
        write={(on) => {
          writing.value = on;
        }}
      />
      <label>
        Dots
        <select
          value={String(scene.dots)}
          onChange={(event) => change({ dots: Number(event.currentTarget.value) })}
        >
          {Array.from({ length: MOST_DOTS - 1 }, (_, k) => (
            <option key={k + 2} value={k + 2}>
              {k + 2}
            </option>
          ))}
        </select>
      </label>
      <label>
        Noise
        <select
          value={String(scene.noise)}
          onChange={(event) => change({ noise: Number(event.currentTarget.value) })}
        >
          {NOISES.map((noise) => (
            <option key={noise} value={noise}>
              {noise === 0 ? "none" : percent(noise)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Break it by
        <select
          value={scene.fault}
          onChange={(event) => change({ fault: event.currentTarget.value as Fault })}
        >
          {Object.entries(FAULT_WORDS).map(([fault, words]) => (
            <option key={fault} value={fault}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <Check
        label="Velocities"
        on={scene.velocities}
        set={(velocities) => change({ velocities })}
      />
      <Check label="Lose 10 %" on={scene.lost} set={(lost) => change({ lost })} />
      <Check label="Heavy dots" on={scene.heavy} set={(heavy) => change({ heavy })} />
      {writing.value && (
        <FormulaRow
          page={page}
          done={() => {
            writing.value = false;
          }}
        />
      )}
    </section>
  );
}

function LawSelect({ page, write }: { page: Page; write: (on: boolean) => void }) {
  const { session, riddle } = page;
  const { law } = session.scene.value;
  const own = riddle.value ? "riddle" : presets.some(({ name }) => name === law) ? law : "own";
  const choose = (value: string): void => {
    write(value === "formula");
    if (value === "surprise") page.surprise();
    else if (value === "draw") page.startDrawing();
    else if (value !== "formula") void page.change({ law: value });
  };
  return (
    <label>
      Law
      <select value={own} onChange={(event) => choose(event.currentTarget.value)}>
        {riddle.value && <option value="riddle">A secret law</option>}
        {presets.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
        {own === "own" && <option value="own">{session.preset.value.label}</option>}
        <option value="surprise">Surprise me</option>
        <option value="draw">Draw your own</option>
        <option value="formula">Write a formula</option>
      </select>
    </label>
  );
}

function FormulaRow({ page, done }: { page: Page; done: () => void }) {
  const text = useSignal("0.5*(r-1)^4");
  const problem = page.refusal.value?.code === "bad-formula" ? page.refusal.value.message : null;
  const column = Number(/column (\d+)/.exec(problem ?? "")?.[1] ?? 0);
  return (
    <form
      class="formula-row"
      onSubmit={(event) => {
        event.preventDefault();
        void page.change({ law: `formula:${text.value}` }).then(() => {
          if (page.refusal.value === null) done();
        });
      }}
    >
      <label>
        V(r) =
        <input
          value={text.value}
          spellcheck={false}
          aria-invalid={problem !== null}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit">Use it</button>
      {column > 0 && <output class="caret">{`${" ".repeat(column - 1)}^`}</output>}
    </form>
  );
}

function Check(props: { label: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.on}
        onChange={(event) => props.set(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
