import { Inject, Injectable } from '@nestjs/common';
import type { RecordObservation } from '#libs/contracts';
import type { Origin } from '../origin.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import type { Look } from './look-at-runner.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import { Runners } from './runners.js';

export type Observed = Pick<RecordObservation, 'observation' | 'seenAt' | 'term'>;

/** Records what a look at GitHub adds to what is known of a runner. */
@Injectable()
export class ObserveRunner {
  constructor(
    private readonly runners: Runners,
    @Inject(PROVISIONING) private readonly config: Pick<ProvisioningConfig, 'labelDrift'>,
  ) {}

  record(runnerId: string, { observation, seenAt, term }: Observed, origin: Origin) {
    const { action: driftAction } = this.config.labelDrift;
    const at = new Date().toISOString();
    return this.runners.handle(
      runnerId,
      {
        type: 'RecordRunnerObserved',
        observation,
        seenAt,
        ...(term === undefined ? {} : { term }),
        driftAction,
        at,
      },
      origin,
    );
  }
}

export const observedIn = ({ seen, seenAt }: Look): Observed => ({
  seenAt,
  observation:
    seen === 'absent'
      ? { status: 'absent' }
      : { status: seen.status, githubRunnerId: seen.id, busy: seen.busy, labels: seen.labels },
});
