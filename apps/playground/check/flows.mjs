// What people do on the page, as they do it: by mouse, by touch, by keys alone.

/** @typedef {import("playwright-core").Page} BrowserPage */

/** Longest wait for a law on a busy machine, in milliseconds. */
const PATIENCE = 90_000;

/** @param {BrowserPage} page @param {readonly string[]} states */
export async function until(page, ...states) {
  await page.waitForFunction(
    (/** @type {readonly string[]} */ wanted) =>
      wanted.includes(
        /** @type {HTMLElement | null} */ (document.querySelector(".app"))?.dataset.state ?? "",
      ),
    states,
    { timeout: PATIENCE },
  );
}

/** @param {BrowserPage} page @param {string} name */
const button = (page, name) => page.getByRole("button", { name, exact: true });

/** What the page says. @param {BrowserPage} page */
export const says = async (page) => (await page.locator(".says").textContent()) ?? "";

/**
 * @typedef {object} Visit
 * @property {BrowserPage} page
 * @property {string} address
 * @property {(name: string) => Promise<void>} shot - keeps a picture, and looks for what keeps people out
 * @property {(holds: boolean, what: string) => void} expect
 */

/** The first visit: it plays, records by itself, learns; guess, reveal, test, name. @param {Visit} visit */
export async function firstVisit({ page, address, shot, expect }) {
  await page.goto(address);
  await until(page, "playing");
  await shot("playing");
  await until(page, "recording", "escaped");
  await page.waitForFunction(() => document.querySelector(".facts") !== null, null, {
    timeout: PATIENCE,
  });
  await shot("recording");
  await until(page, "learned");
  await shot("learned");
  await button(page, "Draw your guess").click();
  const box = await page.locator(".handles").boundingBox();
  if (box !== null) {
    await page.mouse.move(box.x + 60, box.y + box.height * 0.8);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.25, { steps: 8 });
    await page.mouse.move(box.x + box.width - 20, box.y + box.height * 0.45, { steps: 8 });
    await page.mouse.up();
  }
  await shot("guessing");
  await button(page, "Show the true law").click();
  await shot("revealed");
  const share = /misses the true one by ([\d.e-]+) %.*your guess by ([\d.e-]+) %/.exec(
    await says(page),
  );
  expect(Number(share?.[1]) < 5, `the law misses by less than 5 %: ${share?.[1]}`);
  expect(Number(share?.[2]) > Number(share?.[1]), "the law is nearer than the guess");
  await button(page, "Test it").click();
  await until(page, "testing");
  await page.waitForTimeout(2500);
  await shot("testing");
  const meters = await page.locator(".meters dd").allTextContents();
  expect(Number(meters[3]) < 1e-9, `momentum is kept: ${meters[3]}`);
  await button(page, "Name the formula").click();
  await page.locator(".formula").waitFor({ timeout: PATIENCE });
  expect(/Morse/i.test((await page.locator(".formula").textContent()) ?? ""), "the bond is named");
  await shot("formula");
  await button(page, "Table").click();
  await shot("table");
}

/** A link opens to the same law, bit for bit; one that is cut is refused in words. @param {Visit} visit */
export async function sharing({ page, address, shot, expect }) {
  await button(page, "Share").click();
  const link = await page.locator(".share input").inputValue();
  await shot("share");
  expect(link.length < 200, `the link is short: ${link.length} characters`);
  await page.goto("about:blank");
  await page.goto(link);
  await until(page, "learned");
  expect(
    ((await page.locator(".message").textContent()) ?? "").includes(
      "The same bits as the sender's law",
    ),
    "the link came to the same bits",
  );
  await shot("shared");
  await page.goto("about:blank");
  await page.goto(`${address}#1&n=4&thr`);
  await until(page, "refused");
  expect((await says(page)).includes("this link cannot be read"), "a cut link is refused");
  await shot("refused-link");
}

/** Everything by keys: a dot moved, a throw recorded, learned, revealed, tested. @param {Visit} visit */
export async function byKeys({ page, address, shot, expect }) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("about:blank");
  await page.goto(address);
  await until(page, "paused");
  await shot("paused");
  await focusBy(page, "Dot A");
  const before = await page.locator(".dot").first().getAttribute("aria-label");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+ArrowUp");
  await page.waitForTimeout(2200);
  expect(
    (await page.locator(".dot").first().getAttribute("aria-label")) !== before,
    "an arrow key moves a dot",
  );
  await focusBy(page, "Velocity of dot B");
  await page.keyboard.press("ArrowDown");
  await focusBy(page, "Record");
  await page.keyboard.press("Enter");
  await until(page, "recording", "escaped");
  await until(page, "learned");
  for (const [name, state] of [
    ["Draw your guess", "guessing"],
    ["V' at separation 0.9", "guessing"],
    ["Show the true law", "revealed"],
    ["Test it", "testing"],
  ]) {
    await focusBy(page, /** @type {string} */ (name));
    await page.keyboard.press(name?.startsWith("V'") ? "ArrowUp" : "Enter");
    await until(page, /** @type {string} */ (state));
  }
  await shot("by-keys");
  await page.emulateMedia({ reducedMotion: "no-preference" });
}

/** Tab until something of that name has the focus. @param {BrowserPage} page @param {string} name */
async function focusBy(page, name) {
  for (let k = 0; k < 80; k++) {
    const focused = await page.evaluate(() => {
      const now = document.activeElement;
      return now?.getAttribute("aria-label") ?? now?.textContent ?? "";
    });
    if (focused.startsWith(name)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no key leads to ${name}`);
}

/** Drag breaks the law: it is found, named and learned. A formula of one's own, and one that fails. @param {Visit} visit */
export async function otherLaws({ page, address, shot, expect }) {
  await page.goto("about:blank");
  await page.goto(`${address}#1`);
  await until(page, "playing");
  await page.getByLabel("Break it by").selectOption("drag");
  await button(page, "Record").click();
  await until(page, "learned");
  await page.locator(".finding").first().waitFor();
  await shot("drag-found");
  await page.getByRole("button", { name: "Learn drag too" }).click();
  await page.waitForFunction(
    () => /gamma = /.test(document.querySelector(".message")?.textContent ?? ""),
    null,
    { timeout: PATIENCE },
  );
  const found = /gamma = ([\d.]+)/.exec((await page.locator(".message").textContent()) ?? "")?.[1];
  expect(Math.abs(Number(found) - 0.15) < 0.03, `drag 0.15 is found: ${found}`);
  await shot("drag-learned");
  await page.getByLabel("Break it by").selectOption("none");
  await page.locator(".scene select").first().selectOption("formula");
  await page.locator(".formula-row input").fill("0.5*(r-1)^");
  await button(page, "Use it").click();
  await until(page, "refused");
  await shot("formula-refused");
  await page.locator(".formula-row input").fill("0.5*(r-1)^2 + 0.1/r");
  await button(page, "Use it").click();
  await until(page, "playing");
  await button(page, "Record").click();
  await until(page, "learned");
  await shot("own-formula");
  await page.locator(".scene select").first().selectOption("draw");
  await shot("drawing");
  await button(page, "Throw dots by this law").click();
  await until(page, "playing");
}

/** Files: one of tracks, one that is none. @param {Visit} visit @param {{ tracks: string, other: string }} files */
export async function ownFile({ page, address, shot, expect }, { tracks, other }) {
  await page.goto("about:blank");
  await page.goto(`${address}#1`);
  await until(page, "playing");
  await page.locator("input[type=file]").setInputFiles(tracks);
  await until(page, "learned");
  expect(
    ((await page.locator(".file").textContent()) ?? "").includes("records of 4 particles"),
    "the file was read",
  );
  await shot("file");
  await page.getByText("Take it with you").click();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "law, CSV" }).click();
  expect((await saved).suggestedFilename() === "law.csv", "the law comes as a file");
  await shot("file-taken");
  await page.locator("input[type=file]").setInputFiles(other);
  await until(page, "refused");
  expect((await says(page)).includes("holds no trajectories"), "another file is refused");
  await shot("file-refused");
  await button(page, "Record").click();
  await until(page, "recording", "escaped");
}
