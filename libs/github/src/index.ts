export type { AppHook, DeliveryPage, HookDelivery } from './app-hook.port.js';
export { createGithub, type GithubOptions } from './create-github.js';
export { FakeAppHook } from './fake.app-hook.js';
export { FakeGithub, type FakeGithubOptions, type GithubOperation } from './fake.github.js';
export type {
  CallOptions,
  CallPriority,
  Github,
  GithubJob,
  GithubRunner,
  JitConfig,
  JitConfigRequest,
  RateBudget,
  RunCancellation,
  RunnerDeletion,
  RunnerListing,
  RunnerToken,
} from './github.port.js';
export type { GithubLog } from './github-log.js';
export { problemOf } from './github-problem.js';
export { GithubRefusal, type GithubRefusalDetails, type GithubRefusalReason } from './github-refusal.js';
export { type AppHookOptions, createAppHook } from './octokit.app-hook.js';
export { isCounted, type ObservedCall, type OnCall } from './on-call.js';
export type { CachedPage, PageCache } from './page-cache.js';
export { publishBudget } from './publish-budget.js';
export { refusals } from './refusals.js';
