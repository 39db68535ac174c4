import { useSignal } from "@preact/signals";
import type { Page } from "../session/page.ts";

/** A link that another machine comes to the same law by. */
export function Share({ page }: { page: Page }) {
  const link = useSignal<string | null>(null);
  const copied = useSignal(false);
  if (page.file.value !== null) return null;
  const share = async (): Promise<void> => {
    const address = new URL(`#${await page.link()}`, location.href).href;
    link.value = address;
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address);
      copied.value = true;
    } catch {
      // Not allowed here: the link is shown, to be copied by hand.
      copied.value = false;
    }
  };
  return (
    <>
      <button type="button" aria-expanded={link.value !== null} onClick={() => void share()}>
        Share
      </button>
      {link.value !== null && (
        <div class="share">
          <label>
            {copied.value ? "Copied. " : ""}Whoever opens this link sees the same records and learns
            the same law, bit for bit:
            <input readOnly value={link.value} onFocus={(event) => event.currentTarget.select()} />
          </label>
          <button
            type="button"
            onClick={() => {
              link.value = null;
            }}
          >
            Close
          </button>
        </div>
      )}
    </>
  );
}
