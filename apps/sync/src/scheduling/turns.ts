/** Lets at most `places` pieces of work run at a time; the others wait in line. */
export class Turns {
  private readonly line: (() => void)[] = [];
  private running = 0;

  constructor(private readonly places: number) {}

  async run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.running >= this.places) await new Promise<void>((resolve) => this.line.push(resolve));
    else this.running += 1;
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
