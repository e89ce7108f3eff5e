import { type Fact, problemCodes, type Recorded } from '#libs/contracts';

/** What a fact means to the audit. */
export type Operation = { eventType: string; errorMessage?: string };

const done = (eventType: string): Operation => ({ eventType });
const failed = (eventType: string, errorMessage: string): Operation => ({ eventType, errorMessage });

/** The operation a fact records; undefined for what nobody did, such as a claim or an observation in between. */
export const operationOf = (fact: Recorded<Fact>): Operation | undefined => {
  switch (fact.type) {
    case 'RunnerJitConfigIssued':
      return done('provision_jit');
    case 'RunnerRegistrationTokenIssued':
      return done('provision');
    case 'RunnerProvisioningFailed':
      return failed('provision_failed', wordsOf(fact.data.reason));
    case 'ProvisioningRefused':
      return failed('provision_refused', fact.data.detail);
    case 'AccessRefused':
      return failed('access_refused', fact.data.detail);
    case 'RunnerRegistered':
      return done('registered');
    case 'RunnerCameOnline':
      return done('online');
    case 'RunnerWentOffline':
      return done('offline');
    case 'RunnerStartedWorkflowJob':
      return done('job_started');
    case 'RunnerCompletedWorkflowJob':
      return done('job_completed');
    case 'RunnerRefreshed':
      return done('refresh');
    case 'RunnerDeprovisioningRequested':
      return done('deprovision');
    case 'RunnerDeprovisioningFailed':
      return failed('deprovision_failed', wordsOf(fact.data.reason));
    case 'RunnerDeleted':
      return done('deleted');
    case 'TeamCreated':
      return done('team_created');
    case 'TeamMaxRunnersSet':
    case 'TeamLabelPatternsSet':
      return done('team_updated');
    case 'TeamMemberAdded':
      return done('member_added');
    case 'UserCreated':
      return done('user_created');
    case 'UserIdentityBound':
      return done('user_logged_in');
    default:
      return undefined;
  }
};

const isProblemCode = (code: string): code is keyof typeof problemCodes => Object.hasOwn(problemCodes, code);

/** A reason is a problem code, or `abandoned`. */
const wordsOf = (reason: string): string => {
  if (reason === 'abandoned') return 'It was given up: nobody answered for it any more';
  return isProblemCode(reason) ? problemCodes[reason].title : reason;
};
