import { answerJudge } from './github-description/answer-judge.js';
import { hookJudge } from './github-description/hook-judge.js';
import type { Observer } from './src/observer.js';
import { recordsIn } from './src/recorder.js';

/** All differences in what a simulator of another process recorded. */
export function recordedDifferences(path: string): string[] {
  const differences = new Set<string>();
  const observer = describedObserver((difference) => differences.add(difference));
  const record = recordsIn(path);
  for (const each of record) {
    if ('answered' in each) observer.answered(each.answered);
    else if ('sending' in each) observer.sending(each.sending);
  }
  return record.length === 0 ? ['nothing was recorded'] : [...differences];
}

/** Tells each difference between what is observed and what is described. */
export function describedObserver(tell: (difference: string) => void): Observer {
  const gitHub = answerJudge('api.github.com');
  const server = answerJudge('ghes-3.19');
  const judgeHook = hookJudge();
  return {
    answered: (exchange) => {
      const judge = exchange.answer.headers['x-github-enterprise-version'] ? server : gitHub;
      for (const difference of judge(exchange)) tell(difference);
    },
    sending: (hook) => {
      for (const difference of judgeHook(hook)) tell(difference);
    },
  };
}
