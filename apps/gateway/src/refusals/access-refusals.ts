import type { FastifyRequest } from 'fastify';
import { Counter, register } from 'prom-client';
import { type Caller, type Problem, type ProblemCode, type ProblemKind, subjects } from '#libs/contracts';
import type { Bus } from '#libs/messaging';
import { requestContextOf } from '../caller/request-context.js';

/** A request that is only malformed, or about what does not exist, was not refused to anybody in particular. */
const REFUSALS: readonly ProblemKind[] = ['unauthenticated', 'forbidden', 'conflict', 'exhausted', 'invalid'];
/** The provisioner records its own decisions about a provisioning; whom it never let decide is left to us. */
const PROVISIONING = ['/api/v1/runners/jit', '/api/v1/runners/provision'];
const BEFORE_DECIDING: readonly ProblemCode[] = [
  'user-not-authorized',
  'user-deactivated',
  'machine-client-refused',
  'rate-limited',
];
/** Told apart in one minute; whoever comes after them is one source. */
const SOURCES_A_MINUTE = 1_000;
const MINUTE_MS = 60_000;

const counted = (): Counter<'code'> => {
  const name = 'rts_refusals_total';
  const known = register.getSingleMetric(name) as Counter<'code'> | undefined;
  return known ?? new Counter({ name, help: 'Requests refused, by problem code', labelNames: ['code'] });
};

type Request = FastifyRequest & { user?: Caller };

/**
 * Has refusals recorded as facts, once per source, code and minute; all are counted. Nobody waits for it: a stranger
 * gets no slower answer because we take notes.
 */
export class AccessRefusals {
  private readonly refused = counted();
  private noted = { minute: 0, sources: new Set<string>() };

  constructor(private readonly bus: Bus) {}

  note(problem: Problem, request: Request): void {
    if (!REFUSALS.includes(problem.kind) || problem.code === 'request-invalid') return;
    this.refused.inc({ code: problem.code });
    const { url: path } = request.routeOptions;
    if (isLeftToTheProvisioner(problem, path)) return;

    const source = this.sourceOf(request, problem.code);
    if (source === undefined) return;
    const { noted } = this;
    const refusal = {
      code: problem.code,
      detail: problem.message,
      source,
      ...(path === undefined ? {} : { route: `${request.method} ${path}` }),
    };
    this.bus
      .ask(subjects.recordAccessRefused, refusal, requestContextOf(request))
      .catch(() => noted.sources.delete(keyOf(source, problem.code)));
  }

  /** Undefined for whom this minute holds already. */
  private sourceOf({ user, ip }: Request, code: ProblemCode): string | undefined {
    const minute = Math.floor(Date.now() / MINUTE_MS);
    if (this.noted.minute !== minute) this.noted = { minute, sources: new Set() };
    const { sources } = this.noted;
    const source = user ? `${user.issuer}|${user.subject}` : ip;
    const told = sources.size < SOURCES_A_MINUTE ? source : 'others';
    if (sources.has(keyOf(source, code)) || sources.has(keyOf(told, code))) return undefined;
    sources.add(keyOf(told, code));
    return told;
  }
}

const keyOf = (source: string, code: ProblemCode) => `${code} ${source}`;

const isLeftToTheProvisioner = ({ code, kind, members }: Problem, path: string | undefined): boolean =>
  path !== undefined &&
  PROVISIONING.includes(path) &&
  kind !== 'unauthenticated' &&
  !BEFORE_DECIDING.includes(code) &&
  // a machine is turned away for it before anything is decided; a decision names the team
  (code !== 'team-deactivated' || 'team_id' in members);
