import { randomUUID } from 'node:crypto';
import { subjects } from '#libs/contracts';
import type { Bus } from '#libs/messaging';
import { type CheckResult, Health, VERSION } from '#libs/runtime';

const BUS_TIMEOUT_MS = 2_000;
const APP_TIMEOUT_MS = 2_500;

/** The whole is ready when the bus carries and every app behind it says it is ready. */
export const readiness = (bus: Bus): Health => {
  const health = new Health(VERSION);
  health.register('bus', async () => {
    await bus.ping(BUS_TIMEOUT_MS);
    return { status: 'up' };
  });
  const { provisionerHealth, syncHealth, auditHealth, dashboardHealth } = subjects;
  for (const subject of [provisionerHealth, syncHealth, auditHealth, dashboardHealth]) {
    health.register(subject.answeredBy, () => askApp(bus, subject));
  }
  return health;
};

const askApp = async (bus: Bus, subject: (typeof subjects)['provisionerHealth']): Promise<CheckResult> => {
  const { status, checks } = await bus.ask(
    subject,
    {},
    { requestId: randomUUID() },
    { timeoutMs: APP_TIMEOUT_MS },
  );
  if (status === 'ready') return { status: 'up' };
  const missing = Object.entries(checks).flatMap(([name, { status: state, detail = 'down' }]) =>
    state === 'up' ? [] : [`${name}: ${detail}`],
  );
  return { status: 'down', detail: missing.join('; ') };
};
