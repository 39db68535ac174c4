import { MclnnError } from "@mclnn/physics";
import { described } from "@mclnn/physics/arguments";
import { portableCos, portableLog, portableSin } from "@mclnn/physics/portable";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import type { JumpableRandomGenerator } from "pure-rand/types/JumpableRandomGenerator";

/** Random numbers that are the same, bit for bit, for the same seed on any machine. */
export interface Random {
  /** Uniform in [0, 1), 53 random bits. */
  uniform(): number;
  /** Normal with mean 0 and variance 1 (Box-Muller with portable functions). */
  normal(): number;
  /** Whole number from 0 to n - 1, n from 1 to 2^32. @throws MclnnError `bad-option` */
  integer(n: number): number;
  /** A stream of its own, 2^64 numbers away, for a part of the work that must not disturb the rest. */
  split(): Random;
}

/**
 * Seeded random numbers: xoroshiro128+ (pure-rand), its state filled from the seed by a mixing function.
 *
 * The generator's own seeding leaves almost all bits of the state equal: the first number of every seed below 1,000 lies within 2e-5 of 1
 * (a normal of six standard deviations), and neighbouring seeds stay correlated.
 *
 * @param seed - whole number; different ones give different streams
 * @throws MclnnError `bad-option`
 * @see Blackman, Vigna, ACM Trans. Math. Softw. 47 (2021) 36, doi:10.1145/3460772
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw bad("seed", "a whole number", seed);
  // Each step is one to one, so that no two seeds share a state; nor is any state all 0.
  const low = mix(seed | 0);
  const high = mix(low ^ Math.floor(seed / 2 ** 32));
  const state = [low + GOLDEN, low + 2 * GOLDEN, high + 3 * GOLDEN, high + 4 * GOLDEN].map(mix);
  return wrap(xoroshiro128plusFromState(state));
}

/** 2^32 over the golden ratio, odd: steps that fall evenly (Steele, Lea, Flood 2014). */
const GOLDEN = 0x9e3779b9;

/** 32 bits to 32 bits, one to one: each bit of `x` changes each bit of the result half of the time (MurmurHash3's finaliser). */
function mix(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function wrap(generator: JumpableRandomGenerator): Random {
  let spare: number | null = null;
  const uniform = (): number => uniformFloat64(generator);
  return {
    uniform,
    normal() {
      if (spare !== null) {
        const x = spare;
        spare = null;
        return x;
      }
      // 1 - u lies in (0, 1]: its logarithm is finite.
      const radius = Math.sqrt(-2 * portableLog(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * portableSin(angle);
      return radius * portableCos(angle);
    },
    integer(n) {
      if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32))
        throw bad("n", "a whole number from 1 to 2^32", n);
      return uniformInt(generator, 0, n - 1);
    },
    split() {
      const clone = generator.clone();
      clone.jump();
      // This stream goes on behind the one that was split off.
      generator.jump();
      generator.jump();
      return wrap(clone);
    },
  };
}

function bad(argument: string, expected: string, value: unknown): MclnnError {
  return new MclnnError(`${argument} cannot be used`, {
    code: "bad-option",
    argument,
    expected,
    got: described(value),
  });
}
