/** What one dependency's check found. */
export type CheckResult = { status: 'up' | 'down'; detail?: string };

type Check = () => Promise<CheckResult> | CheckResult;

/** A check that takes longer has failed: readiness must turn within seconds when a dependency freezes. */
const CHECK_TIMEOUT_MS = 3_000;

/** The dependencies a process cannot do its work without. */
export class Health {
  private readonly checks = new Map<string, Check>();

  constructor(readonly version: string) {}

  /** `check` may throw: that is `down` with its message. */
  register(dependency: string, check: Check): void {
    this.checks.set(dependency, check);
  }

  async ready(): Promise<{
    status: 'ready' | 'not-ready';
    version: string;
    checks: Record<string, CheckResult>;
  }> {
    const results = await Promise.all(
      [...this.checks].map(async ([dependency, check]) => [dependency, await run(check)] as const),
    );
    const checks = Object.fromEntries(results);
    const up = results.every(([, { status }]) => status === 'up');
    return { status: up ? 'ready' : 'not-ready', version: this.version, checks };
  }
}

const run = async (check: Check): Promise<CheckResult> => {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(
      () => resolve({ status: 'down', detail: `no answer for ${CHECK_TIMEOUT_MS / 1000} s` }),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return await Promise.race([Promise.resolve().then(check), timeout]);
  } catch (error) {
    return { status: 'down', detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
};
