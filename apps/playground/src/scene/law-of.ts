import { type Preset, presets } from "./laws.ts";

/** A preset by its name; undefined for a law of one's own. */
export function presetOf(law: string): Preset | undefined {
  return presets.find(({ name }) => name === law);
}

/** The law that a scene names; one of one's own loads what it needs. @throws MclnnError what is wrong with a formula */
export async function lawOf(law: string): Promise<Preset> {
  return presetOf(law) ?? (await import("./own-law.ts")).ownLaw(law);
}
