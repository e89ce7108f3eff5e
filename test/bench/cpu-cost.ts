/** CPU time the processes spent, per call, milliseconds: hardly moved by who else uses the machine. */
export type CpuCost = { what: string; calls: number; perCallMs: Readonly<Record<string, number>> };

/** `cpu` = seconds by process. */
export const costOf = (what: string, calls: number, cpu: Readonly<Record<string, number>>): CpuCost => ({
  what,
  calls,
  perCallMs: Object.fromEntries(
    Object.entries(cpu).map(([name, seconds]) => [name, (1000 * seconds) / calls]),
  ),
});

export const lineOf = ({ what, perCallMs }: CpuCost): string => {
  const shares = Object.entries(perCallMs).sort(([, a], [, b]) => b - a);
  const sum = shares.reduce((total, [, ms]) => total + ms, 0);
  const parts = shares.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', ');
  return `CPU ms per ${what}: ${sum.toFixed(2)} = ${parts}`;
};
