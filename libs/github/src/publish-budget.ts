import { Gauge, register } from 'prom-client';
import type { Github, RateBudget } from './github.port.js';

type Figure = { name: string; help: string; of: (budget: RateBudget) => number };

const figures: readonly Figure[] = [
  {
    name: 'rts_github_budget_limit',
    help: 'Requests GitHub allows the installation per hour, as this process was told last',
    of: ({ limit }) => limit,
  },
  {
    name: 'rts_github_budget_remaining',
    help: 'What is left of them; polling gives way below 30 %',
    of: ({ remaining }) => remaining,
  },
  {
    name: 'rts_github_budget_reset_seconds',
    help: 'Seconds until all of them are there again',
    of: ({ resetAt }) => Math.max(0, (resetAt.getTime() - Date.now()) / 1000),
  },
];

/** Shows on `/metrics` what GitHub says of the hourly budget; nothing while that is unknown. A process has one such set. */
export const publishBudget = <G extends Pick<Github, 'budget'>>(github: G): G => {
  for (const { name, help, of } of figures) {
    register.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      collect() {
        const budget = github.budget();
        if (budget === 'unknown') this.remove();
        else this.set(of(budget));
      },
    });
  }
  return github;
};
