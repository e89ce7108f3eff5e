export { FakeGithub, type FakeGithubOptions, type GithubOperation } from './fake.github.js';
export type {
  CallOptions,
  CallPriority,
  Github,
  GithubRunner,
  JitConfig,
  JitConfigRequest,
  RateBudget,
  RunnerDeletion,
  RunnerListing,
  RunnerToken,
} from './github.port.js';
export { problemOf } from './github-problem.js';
export { GithubRefusal, type GithubRefusalDetails, type GithubRefusalReason } from './github-refusal.js';
export { refusals } from './refusals.js';
