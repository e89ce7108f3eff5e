import { z } from 'zod';
import { mergePatch } from './merge-patch.js';
import { milliseconds, seconds, secondsOff } from './ranges.js';

const rate = z.number().min(0).max(1);

/** One way for calls to fail. The first entry that fits a call and strikes decides. */
const failureSchema = z.strictObject({
  /** GitHub's operation id (`actions/generate-runner-jitconfig-for-org`), or `*` for every call. */
  operation: z.string().default('*'),
  /** `timeout`: no answer is ever sent; `secondary_rate_limit`: 403 with `retry-after`. */
  status: z
    .union([z.literal([500, 502, 503, 504]), z.enum(['timeout', 'secondary_rate_limit'])])
    .default(502),
  /** How many of the next calls fail; counts down to 0. */
  next: z.number().int().min(0).default(0),
  /** Share of calls that fail, 0 to 1. */
  rate: rate.default(0),
  /** `after`: the call took effect (the runner was created), only its answer is lost. */
  when: z.enum(['before', 'after']).default('before'),
  /** Seconds in `retry-after` of a secondary rate limit; 0 leaves the header out. */
  retry_after_seconds: seconds.default(60),
});

/** Every switch, with its range. */
export const switchesSchema = z.strictObject({
  /** `ghes` is a GitHub Enterprise Server: addresses below `/api/v3`, its own header, other defaults. */
  flavour: z.enum(['github.com', 'ghes']),
  /** Added to every answer of an operation (by operation id); `all` for those not named. */
  latency_ms: z.record(z.string(), milliseconds),
  failures: z.array(failureSchema),
  rate_limit: z.strictObject({
    /** False, as on an Enterprise Server: no headers, no limit. */
    enabled: z.boolean(),
    /** Requests per window and installation. */
    limit: z.number().int().min(0),
    /** Registrations by `config.sh` per window (resource `actions_runner_registration`). */
    registration_limit: z.number().int().min(0),
    window_seconds: seconds.min(1),
    /** GitHub answers either. */
    status: z.literal([403, 429]),
  }),
  /** Limits against bursts; off, so that hundreds of runners can be made at once. */
  secondary_limits: z.strictObject({
    enabled: z.boolean(),
    /** Requests at the same time. */
    concurrent_requests: z.number().int().min(0),
    /** For each operation; a GET costs 1, anything else 5. */
    points_per_minute: z.number().int().min(0),
    /** Operations that count as creating content; GitHub does not say which do. */
    content_operations: z.array(z.string()),
    content_per_minute: z.number().int().min(0),
    content_per_hour: z.number().int().min(0),
    /** New runner records of the organisation. */
    registrations_per_5_minutes: z.number().int().min(0),
    /** 0 leaves the `retry-after` header out. */
    retry_after_seconds: seconds,
    status: z.literal([403, 429]),
  }),
  hooks: z.strictObject({
    delay_ms: milliseconds,
    /** Up to so much random extra delay for each delivery, so that they overtake one another. */
    shuffle_ms: milliseconds,
    /** Share of events delivered a second time, under another GUID. */
    duplicate_rate: rate,
    /** Share of events delivered a second time under the same GUID, as if somebody had asked for it. */
    repeat_rate: rate,
    /** Share of events GitHub loses without a trace in the delivery log. */
    drop_rate: rate,
    timeout_ms: milliseconds.min(1),
    /** Send the synthetic `self_hosted_runner` event, which the real GitHub does not have. */
    self_hosted_runner_events: z.boolean(),
    /** The App is subscribed to `workflow_run` too. */
    workflow_run_events: z.boolean(),
  }),
  /** Labels a JIT runner gets beside those asked for, e.g. `["self-hosted", "linux", "x64"]`. */
  implicit_labels: z.array(z.string()),
  /** `by_name`: read-only for self-hosted, OS and architecture names; else that type for every label. */
  label_type: z.enum(['by_name', 'read-only', 'custom']),
  /** `classic`: ghs_ + 36 characters; `stateless`: ghs_<app id>_<JWT>, about 520 characters. */
  token_format: z.enum(['classic', 'stateless']),
  installation_suspended: z.boolean(),
  /** GitHub's clock minus this machine's clock. */
  clock_skew_seconds: secondsOff,
  /** How long a deleted runner stays in lists. */
  eventual_delete_ms: milliseconds,
  /** Share of answers that show a working runner as not busy, as GitHub's sometimes do. */
  hidden_busy_rate: rate,
  job: z.strictObject({
    duration_ms: milliseconds,
    conclusion: z.enum(['success', 'failure', 'cancelled', 'skipped']),
  }),
  runner_service: z.strictObject({
    /** An empty poll is answered after this. */
    poll_ms: milliseconds,
    /** Without a poll for this long the session is lost and the runner offline. */
    session_timeout_ms: milliseconds,
    /** A job offered and not acquired goes to another runner. */
    assignment_timeout_ms: milliseconds,
    /** A job not renewed for this long has failed. */
    job_lock_ms: milliseconds,
    /** Life of a runner's OAuth token. */
    token_seconds: seconds,
  }),
  runner_ttl: z.strictObject({
    /** An ephemeral runner that is offline for this long is removed. */
    jit_unused_seconds: seconds,
    /** An ephemeral runner that waits for a job for this long is removed; 0 = never. */
    jit_idle_seconds: seconds,
    /** Any other runner that is offline for this long is removed. */
    offline_seconds: seconds,
  }),
});

export type SwitchValues = z.infer<typeof switchesSchema>;
export type Failure = z.infer<typeof failureSchema>;

export const defaults: SwitchValues = {
  flavour: 'github.com',
  latency_ms: { all: 0 },
  failures: [],
  rate_limit: {
    enabled: true,
    limit: 1_000_000,
    registration_limit: 10_000,
    window_seconds: 3600,
    status: 403,
  },
  secondary_limits: {
    enabled: false,
    concurrent_requests: 100,
    points_per_minute: 900,
    content_operations: [],
    content_per_minute: 80,
    content_per_hour: 500,
    registrations_per_5_minutes: 1500,
    retry_after_seconds: 60,
    status: 403,
  },
  hooks: {
    delay_ms: 0,
    shuffle_ms: 0,
    duplicate_rate: 0,
    repeat_rate: 0,
    drop_rate: 0,
    timeout_ms: 10_000,
    self_hosted_runner_events: false,
    workflow_run_events: false,
  },
  implicit_labels: [],
  label_type: 'by_name',
  token_format: 'classic',
  installation_suspended: false,
  clock_skew_seconds: 0,
  eventual_delete_ms: 0,
  hidden_busy_rate: 0,
  job: { duration_ms: 2000, conclusion: 'success' },
  runner_service: {
    poll_ms: 50_000,
    session_timeout_ms: 60_000,
    assignment_timeout_ms: 60_000,
    job_lock_ms: 600_000,
    token_seconds: 3000,
  },
  runner_ttl: { jit_unused_seconds: 86_400, jit_idle_seconds: 0, offline_seconds: 14 * 86_400 },
};

/** An Enterprise Server has no rate limits unless somebody turns them on, and waits longer for receivers. */
export const serverDefaults = mergePatch(defaults, {
  rate_limit: { enabled: false },
  hooks: { timeout_ms: 30_000 },
});
