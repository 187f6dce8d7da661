import type { Recomputed } from "./againstTensors.ts";
import { isPositive } from "./suspicion.ts";
import type { Curve } from "./suspicion.ts";

// Compared evenly over the run: enough to tell, and quick for thousands of tensors.
const MOST_STEPS = 1000;

/** What one step's tensors add up to. */
interface Sum {
  squares: number;
  tensors: number;
  largest: { readonly tensor: string; readonly norm: number };
}

/** The global norm beside that of its tensors, at steps that have as many tensors as any and only positive norms. */
export function recompute(global: Curve, tensors: ReadonlyMap<string, Curve>): readonly Recomputed[] {
  const sums = new Map<number, Sum>();
  const stride = Math.ceil(global.steps.length / MOST_STEPS);
  for (let index = 0; index < global.steps.length; index += stride) {
    sums.set(global.steps[index] ?? Number.NaN, { squares: 0, tensors: 0, largest: { tensor: "", norm: 0 } });
  }
  for (const [tensor, curve] of tensors) {
    addTensor(sums, tensor, curve);
  }
  const most = Math.max(1, ...Array.from(sums.values(), (sum) => sum.tensors));
  return Array.from(global.steps, (step, index) => ({
    step,
    logged: global.values[index],
    sum: sums.get(step),
  })).flatMap(({ step, logged, sum }) => {
    const fromTensors = Math.sqrt(sum?.squares ?? Number.NaN);
    return sum?.tensors === most && isPositive(logged) && isPositive(fromTensors)
      ? [{ step, logged, fromTensors, largest: sum.largest, tensors: most }]
      : [];
  });
}

function addTensor(sums: ReadonlyMap<number, Sum>, tensor: string, { steps, values }: Curve): void {
  for (let index = 0; index < steps.length; index += 1) {
    const sum = sums.get(steps[index] ?? Number.NaN);
    const norm = values[index] ?? Number.NaN;
    if (sum !== undefined) {
      sum.squares += norm ** 2;
      sum.tensors += 1;
      sum.largest = norm > sum.largest.norm ? { tensor, norm } : sum.largest;
    }
  }
}
