import { MclnnError, type State } from "@mclnn/physics";
import type { ThrowPlan } from "../scene/motion.ts";
import {
  DEFAULT_SCENE,
  FAULTS,
  type Fault,
  MOST_DOTS,
  type Scene,
  THROW_RECORDS,
} from "../scene/scene.ts";

/** What a link says: a scene, the throws that were recorded, and what they came to. It holds no data and no law: both come again, bit for bit. */
export interface Linked {
  readonly scene: Scene;
  readonly throws: readonly ThrowPlan[];
  /** Terms that were learned beside the pair law. */
  readonly terms: readonly string[];
  /** First digits of the hash of the sender's law. */
  readonly hash: string | null;
  /** The law's name is a riddle. */
  readonly quiz: boolean;
  /** Parts of the page that a teacher leaves out. */
  readonly hide: readonly string[];
}

const VERSION = "1";
const MOST_THROWS = 40;
const MOST_RECORDS_BEFORE = 2000;

/** The part of an address behind `#`. */
export function encodeLink({ scene, throws, terms, hash, quiz, hide }: Linked): string {
  const own = Object.entries(keysOf(scene)).filter(
    ([key, value]) => value !== keysOf(DEFAULT_SCENE)[key as keyof ReturnType<typeof keysOf>],
  );
  const more: [string, string][] = [
    ["throws", throws.map(throwText).join(",")],
    ["terms", terms.join(",")],
    ["sum", hash ?? ""],
    ["quiz", quiz ? "1" : ""],
    ["hide", hide.join(",")],
  ];
  return [
    VERSION,
    ...[...own, ...more.filter(([, value]) => value !== "")].map(
      ([key, value]) => `${key}=${encodeURIComponent(value).replace(/%(2C|3A|2F|2A)/g, decode)}`,
    ),
  ].join("&");
}

const decode = (text: string): string => decodeURIComponent(text);

const keysOf = (scene: Scene) => ({
  law: scene.law,
  n: String(scene.dots),
  seed: String(scene.seed),
  noise: String(scene.noise),
  vel: scene.velocities ? "1" : "0",
  lost: scene.lost ? "1" : "0",
  heavy: scene.heavy ? "1" : "0",
  fault: scene.fault,
});

function throwText({ start, from, records }: ThrowPlan): string {
  const at =
    typeof start === "number"
      ? String(start)
      : `s${[...start.positions, ...start.velocities].map(String).join("_")}`;
  return [at, from, records].join(":");
}

/**
 * Reads what {@link encodeLink} wrote.
 *
 * @throws MclnnError `bad-link` for one that is cut, of a later version, or that asks for what is not there
 */
export function decodeLink(text: string): Linked {
  const [version = "", ...pairs] = text.replace(/^#/, "").split("&");
  if (version !== VERSION)
    throw badLink(
      `version ${VERSION}`,
      version,
      "It may be cut, or from a later version of this page.",
    );
  const given = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    given.set(pair.slice(0, at), unescaped(pair.slice(at + 1)));
  }
  const known = { ...keysOf(DEFAULT_SCENE), throws: "", terms: "", sum: "", quiz: "", hide: "" };
  for (const key of given.keys())
    if (!(key in known)) throw badLink(`one of ${Object.keys(known).join(", ")}`, key);
  const { law, n, seed, noise, vel, lost, heavy, fault, throws, terms, sum, quiz, hide } = {
    ...known,
    ...Object.fromEntries(given),
  };
  if (!FAULTS.includes(fault as Fault)) throw badLink(`one of ${FAULTS.join(", ")}`, fault);
  const scene: Scene = {
    law,
    dots: whole("n", n, 2, MOST_DOTS),
    seed: whole("seed", seed, 0, 1e9),
    noise: between("noise", noise, 0, 1),
    velocities: vel === "1",
    lost: lost === "1",
    heavy: heavy === "1",
    fault: fault as Fault,
  };
  const plans = list(throws).map((each) => throwPlan(each, scene));
  if (plans.length > MOST_THROWS) throw badLink(`at most ${MOST_THROWS} throws`, `${plans.length}`);
  return {
    scene,
    throws: plans,
    terms: list(terms),
    hash: sum === "" ? null : sum,
    quiz: quiz === "1",
    hide: list(hide),
  };
}

function throwPlan(text: string, { dots, fault }: Scene): ThrowPlan {
  const [at = "", from = "", records = ""] = text.split(":");
  return {
    start: at.startsWith("s")
      ? stateOf(at.slice(1), dots + (fault === "hidden" ? 1 : 0))
      : whole("throws", at, 0, 1e13),
    from: whole("throws", from, 0, MOST_RECORDS_BEFORE),
    records: whole("throws", records, 1, THROW_RECORDS),
  };
}

function stateOf(text: string, dots: number): State {
  const numbers = text.split("_").map((each) => between("throws", each, -100, 100));
  if (numbers.length !== 4 * dots) throw badLink(`${4 * dots} numbers of a start`, text);
  return {
    time: 0,
    positions: Float64Array.from(numbers.slice(0, 2 * dots)),
    velocities: Float64Array.from(numbers.slice(2 * dots)),
  };
}

const list = (text: string): string[] => (text === "" ? [] : text.split(","));

function whole(key: string, text: string, least: number, most: number): number {
  const value = between(key, text, least, most);
  if (!Number.isInteger(value)) throw badLink(`a whole number for ${key}`, text);
  return value;
}

function between(key: string, text: string, least: number, most: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= most))
    throw badLink(`a number from ${least} to ${most} for ${key}`, text === "" ? "nothing" : text);
  return value;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badLink("text as links have it", text);
  }
}

function badLink(expected: string, got: string, mend?: string): MclnnError {
  return new MclnnError("this link cannot be read", {
    code: "bad-link",
    argument: "link",
    expected,
    got: got === "" ? "nothing" : got,
    mend: mend ?? "Ask for it again, or begin anew.",
  });
}
