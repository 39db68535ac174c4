import { fitPowerLaw, train } from "@mclnn/models";
import { BaryState, Body, HelioState } from "astronomy-engine";
import { GAUSS, NAMES, solarSystem } from "./ephemeris.ts";

const mode = process.argv[2];
const years = Number(process.argv[3]);
const T = Number(process.argv[4]);
const K = Number(process.argv[5]);
const hide = process.argv[6] === "hide";
const set = solarSystem({ years, trajectories: T, records: K });
const bodies = NAMES.map((n) => (n === "Earth" ? Body.EMB : (n as Body)));
const epoch = Date.UTC(2000, 0, 1, 12);
const spacing = (years * 365.25) / (T * K);
const total = set.masses.reduce((a, b) => a + b);
for (let k = 0; k < T * K; k++) {
  const time = new Date(epoch + k * spacing * 86400000);
  const st = bodies.map((b) => (mode === "bary" ? BaryState(b, time) : HelioState(b, time)));
  const c = [0, 0, 0, 0, 0, 0];
  if (mode !== "bary")
    st.forEach((s, i) => {
      [s.x, s.y, s.z, s.vx, s.vy, s.vz].forEach((x, j) => {
        c[j]! += (x * set.masses[i]!) / total;
      });
    });
  st.forEach((s, i) => {
    set.positions.set([s.x - c[0]!, s.y - c[1]!, s.z - c[2]!], (k * 9 + i) * 3);
    set.velocities!.set([s.vx - c[3]!, s.vy - c[4]!, s.vz - c[5]!], (k * 9 + i) * 3);
  });
}
const r = await train(hide ? { ...set, masses: set.masses.map(() => 1) } : set, {
  model: "spline",
  coupling: "mass-product",
  ...(hide ? { fitMasses: true } : {}),
});
console.log(
  process.argv.slice(2).join(" "),
  r.trainSeconds.toFixed(1),
  r.integrator,
  r.substeps,
  r.startStates,
  "noise",
  r.noise,
  r.findings.map((f) => f.text).join("; "),
);
if (!hide) {
  const p = fitPowerLaw(r.model);
  console.log(
    "p+2",
    (p.exponent + 2).toExponential(2),
    "+-",
    p.exponentDeviation.toExponential(2),
    "c/G-1",
    (p.coefficient / GAUSS - 1).toExponential(2),
    "+-",
    (p.coefficientDeviation / GAUSS).toExponential(2),
    "misfit",
    p.misfit.toFixed(2),
  );
} else
  for (const m of r.masses!)
    console.log(
      NAMES[m.particle],
      m.mass.toExponential(3),
      "ratio",
      (m.mass / set.masses[m.particle]!).toFixed(4),
      "+-",
      m.deviation.toExponential(1),
      m.determined,
    );
