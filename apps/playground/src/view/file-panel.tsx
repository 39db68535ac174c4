import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Opened } from "../learner/protocol.ts";
import type { Page } from "../session/page.ts";

/** Takes a file: dropped anywhere, or chosen. It is read here and sent nowhere. */
export function FilePanel({ page }: { page: Page }) {
  const input = useRef<HTMLInputElement>(null);
  const over = useSignal(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      event.preventDefault();
      over.value = true;
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) over.value = false;
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      over.value = false;
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void take(page, file);
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
    };
  }, [page]);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        Your data
      </button>
      <input
        ref={input}
        type="file"
        class="hidden"
        tabIndex={-1}
        aria-label="A file of trajectories"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file !== undefined) void take(page, file);
          event.currentTarget.value = "";
        }}
      />
      {over.value && <div class="drop">Drop it: it is read here, and sent nowhere.</div>}
    </>
  );
}

/** Files that do not fit are refused before they are read. */
const MOST_BYTES = 500e6;

async function take(page: Page, file: File): Promise<void> {
  page.touch();
  if (file.size > MOST_BYTES) {
    page.closeFile();
    page.fileRefusal.value = {
      code: "too-large",
      message: `${file.name} has ${(file.size / 1e6).toFixed(0)} MB, and this page takes ${MOST_BYTES / 1e6} MB. The command line takes more: npx @mclnn/cli train --data ${file.name}`,
    };
    return;
  }
  await page.open(file.name, new Uint8Array(await file.arrayBuffer()));
}

/** What the file was taken for. */
export function FileFacts({ page, file }: { page: Page; file: Opened }) {
  const dt = useSignal("");
  const { format, trajectories, records, particles, dimension, velocities, timeUnit, notes } = file;
  return (
    <section class="file" aria-label="Your file">
      <p>
        <strong>{page.fileName.value}</strong>: {format},{" "}
        {trajectories > 1 && <>{trajectories} trajectories of </>}
        {records} records of {particles} particles in {dimension} dimensions,{" "}
        {velocities ? "with velocities" : "positions alone"}.
      </p>
      {notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      {timeUnit !== "time" && (
        <form
          class="dt"
          onSubmit={(event) => {
            event.preventDefault();
            if (Number(dt.value) > 0) void page.openAgain(Number(dt.value));
          }}
        >
          <label>
            The file counts {timeUnit}s. Time of one:
            <input
              inputMode="decimal"
              value={dt.value}
              onInput={(event) => {
                dt.value = event.currentTarget.value;
              }}
            />
          </label>
          <button type="submit">Read again</button>
        </form>
      )}
    </section>
  );
}
