import { formatNumber } from "../../data/number-text.ts";

/** A share for people: `3.6 %`. */
export function percent(share: number): string {
  return `${share === 0 ? "0" : formatNumber(100 * share)} %`;
}
