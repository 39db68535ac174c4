import { MclnnError, portableCos, portableLog, portableSin } from "@mclnn/physics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
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
 * Seeded random numbers: xoroshiro128+ (pure-rand).
 *
 * @param seed - whole number; only its lower 32 bits count
 * @throws MclnnError `bad-option`
 * @see Blackman, Vigna, ACM Trans. Math. Softw. 47 (2021) 36, doi:10.1145/3460772
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw bad("seed", "a whole number", seed);
  return wrap(xoroshiro128plus(seed | 0));
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
    got: String(value),
  });
}
