// How often a property is tried: a moderate number by default, DCF_RUNS where a pipeline has the time.

/** `moderate`, or what the environment variable DCF_RUNS says. */
export function runs(moderate: number): number {
  const asked = Number(process.env['DCF_RUNS'] ?? moderate)
  return Number.isInteger(asked) && asked > 0 ? asked : moderate
}
