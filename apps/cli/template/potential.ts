import { definePairPotential } from "@mclnn/physics";

// Your law: the energy V of two particles at separation r. Here a soft bond; write your own in its place.
const strength = 2;
const rest = 1;

export default definePairPotential({
  name: "my potential",
  energy: (r) => strength * (r / rest - Math.log(r / rest) - 1),
  // dV/dr. It may be left out, at some cost in time; where it is given it is checked against the energy.
  slope: (r) => strength * (1 / rest - 1 / r),
});
