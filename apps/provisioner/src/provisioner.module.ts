import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { membershipEntities, membershipMigration } from '#libs/access';
import { subjects } from '#libs/contracts';
import { eventStoreDb } from '#libs/event-store';
import { createGithub, publishBudget } from '#libs/github';
import { healthNatsController } from '#libs/messaging';
import { type Database, openDatabase } from '#libs/read-model';
import { Health, HealthHttpController, loggerModule, MetricsHttpController, VERSION } from '#libs/runtime';
import { Admins } from './admin-roster/admins.js';
import { CapacityDesk } from './capacity/capacity-desk.js';
import { RunnerSlot } from './capacity/runner-slot.entity.js';
import { runnerSlotMigration } from './capacity/runner-slot.migration.js';
import { SlotCheckJob } from './capacity/slot-check.job.js';
import { SlotCheck } from './capacity/slot-check.js';
import { turnMigration } from './capacity/turn.js';
import { Claims } from './claim/claims.js';
import { githubCalls } from './github-calls.js';
import { AnswerShelf } from './idempotency/answer-shelf.port.js';
import { ProvisionOnce } from './idempotency/provision-once.js';
import { SealedAnswer, sealedAnswerMigration } from './idempotency/sealed-answer.entity.js';
import { SealedAnswers } from './idempotency/sealed-answers.js';
import { SqlAnswerShelf } from './idempotency/sql.answer-shelf.js';
import { IdentityProviderNatsController } from './identity-provider/identity-provider.nats.controller.js';
import { identityProviderParts } from './identity-provider/identity-provider.parts.js';
import { labelPolicyMigration, UserLabelPolicy } from './label-policy/label-policy.entity.js';
import { LabelPolicyNatsController } from './label-policy/label-policy.nats.controller.js';
import { labelPolicyParts } from './label-policy/label-policy.parts.js';
import { MachineClientNatsController } from './machine-client/machine-client.nats.controller.js';
import { machineClientParts } from './machine-client/machine-client.parts.js';
import { OpenOperation, openOperationMigration } from './operation/open-operation.js';
import { OperationNatsController } from './operation/operation.nats.controller.js';
import { operationParts } from './operation/operation.parts.js';
import {
  developmentIdentities,
  githubOptions,
  type ProvisionerConfig,
  provisioningConfig,
} from './provisioner.config.js';
import {
  ALLOW_PRIVATE_ISSUERS,
  DATABASE,
  ENVIRONMENT_ISSUER,
  EVENT_STORE,
  FIRST_TENANTS,
  GITHUB,
  PROVISIONING,
  SERVER_SECRET,
  SLOT_CHECK_INTERVAL_MS,
} from './provisioner.tokens.js';
import { AbandonRunnerHandler } from './runner/abandon-runner.handler.js';
import { AskGithub } from './runner/ask-github.js';
import { CancelRuns } from './runner/cancel-runs.js';
import { CheckProvisioningHandler } from './runner/check-provisioning.query.js';
import { CurrentTerm } from './runner/current-term.js';
import { DeprovisionRunnerHandler } from './runner/deprovision-runner.handler.js';
import { DriftRemoval } from './runner/drift-removal.js';
import { ExpireRunner } from './runner/expire-runner.js';
import { FindRunner } from './runner/find-runner.js';
import { Holdings } from './runner/holdings.js';
import { InFlight } from './runner/in-flight.js';
import { IssueJitConfig } from './runner/issue-jit-config.js';
import { IssueRegistrationToken } from './runner/issue-registration-token.js';
import { JudgeJob } from './runner/judge-job.js';
import { LookAtRunner } from './runner/look-at-runner.js';
import { ObserveRunner } from './runner/observe-runner.js';
import { OverlookedEnds } from './runner/overlooked-ends.js';
import { ProvisionRunnerHandler } from './runner/provision-runner.handler.js';
import { RecordObservationHandler } from './runner/record-observation.handler.js';
import { RecordWorkflowJobHandler } from './runner/record-workflow-job.handler.js';
import { RefreshRunnerHandler } from './runner/refresh-runner.handler.js';
import { RemoveRunner } from './runner/remove-runner.js';
import { RenewRegistrationTokenHandler } from './runner/renew-registration-token.handler.js';
import { RunnerNatsController } from './runner/runner.nats.controller.js';
import { Runners } from './runner/runners.js';
import { SettleRunnerHandler } from './runner/settle-runner.handler.js';
import { TakeBack } from './runner/take-back.js';
import { RunnerNames } from './runner-name/runner-names.js';
import { RecordAccessRefusedHandler } from './security/record-access-refused.handler.js';
import { Refusals } from './security/refusals.js';
import { SecurityNatsController } from './security/security.nats.controller.js';
import { GetProvisionerStatsHandler } from './stats/get-provisioner-stats.query.js';
import { StatsNatsController } from './stats/stats.nats.controller.js';
import { TeamNatsController } from './team/team.nats.controller.js';
import { teamParts } from './team/team.parts.js';
import { DescribeCallerHandler } from './tenancy/describe-caller.query.js';
import { FirstTenants } from './tenancy/first-tenants.js';
import { OwnLabelPoliciesHandler } from './tenancy/own-label-policies.query.js';
import { Sightings } from './tenancy/sightings.js';
import { Tenancy } from './tenancy/tenancy.js';
import { TenancyNatsController } from './tenancy/tenancy.nats.controller.js';
import { TenancyView } from './tenancy/tenancy-view.js';
import { TrustRuleNatsController } from './trust-rule/trust-rule.nats.controller.js';
import { trustRuleParts } from './trust-rule/trust-rule.parts.js';
import { RecordUnmanagedHandler } from './unmanaged/record-unmanaged.handler.js';
import { SurplusMachines } from './unmanaged/surplus-machines.js';
import { UnmanagedRunners } from './unmanaged/unmanaged-runners.js';
import { UnmanagedRunnersNatsController } from './unmanaged/unmanaged-runners.nats.controller.js';
import { UserNatsController } from './user/user.nats.controller.js';
import { userParts } from './user/user.parts.js';

/** The command side: who wants what, may they, and what came of it. */
@Module({})
export class ProvisionerModule {
  static with(config: ProvisionerConfig): DynamicModule {
    return {
      module: ProvisionerModule,
      imports: [loggerModule('provisioner', config.LOG_LEVEL), CqrsModule.forRoot()],
      controllers: [
        RunnerNatsController,
        SecurityNatsController,
        UnmanagedRunnersNatsController,
        TenancyNatsController,
        IdentityProviderNatsController,
        TrustRuleNatsController,
        UserNatsController,
        TeamNatsController,
        MachineClientNatsController,
        OperationNatsController,
        LabelPolicyNatsController,
        StatsNatsController,
        healthNatsController(subjects.provisionerHealth),
        HealthHttpController,
        MetricsHttpController,
      ],
      providers: [
        // outside systems
        { provide: EVENT_STORE, useFactory: () => eventStoreDb(config.EVENTSTORE_URL) },
        {
          provide: GITHUB,
          useFactory: () =>
            publishBudget(
              createGithub({ ...githubOptions(config), log: new Logger('github'), onCall: githubCalls() }),
            ),
        },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              app: 'provisioner',
              databaseUrl: config.DATABASE_URL,
              dataDir: config.DATA_DIR,
              entities: [...membershipEntities, SealedAnswer, RunnerSlot, OpenOperation, UserLabelPolicy],
              migrations: [
                membershipMigration,
                sealedAnswerMigration,
                runnerSlotMigration,
                openOperationMigration,
                labelPolicyMigration,
                turnMigration,
              ],
            }),
        },
        // values
        { provide: PROVISIONING, useValue: provisioningConfig(config) },
        { provide: SERVER_SECRET, useValue: config.SERVER_SECRET },
        { provide: SLOT_CHECK_INTERVAL_MS, useValue: config.SLOT_CHECK_INTERVAL_SECONDS * 1000 },
        { provide: ENVIRONMENT_ISSUER, useValue: config.OIDC_ISSUER },
        { provide: ALLOW_PRIVATE_ISSUERS, useValue: config.ALLOW_PRIVATE_ISSUERS },
        {
          provide: FIRST_TENANTS,
          useValue: {
            adminIdentities: config.ADMIN_IDENTITIES,
            developmentIdentities: developmentIdentities(config),
            developmentTeam: {
              maxRunners: config.DEVELOPMENT_TEAM_MAX_RUNNERS || undefined,
              labelPatterns: config.DEVELOPMENT_TEAM_LABEL_PATTERNS,
            },
          },
        },
        {
          provide: Health,
          inject: [TenancyView, DATABASE],
          useFactory: (view: TenancyView, database: Database) => {
            const health = new Health(VERSION);
            health.register('event-store', () => view.health());
            health.register('database', async () => {
              await database.ping();
              return { status: 'up' };
            });
            return health;
          },
        },
        // parts
        Claims,
        Admins,
        Sightings,
        Tenancy,
        FirstTenants,
        TenancyView,
        RunnerNames,
        CapacityDesk,
        SlotCheck,
        SlotCheckJob,
        Holdings,
        InFlight,
        {
          provide: AnswerShelf,
          inject: [DATABASE],
          useFactory: (database: Database) => new SqlAnswerShelf(database),
        },
        SealedAnswers,
        Runners,
        ProvisionOnce,
        FindRunner,
        CancelRuns,
        RemoveRunner,
        LookAtRunner,
        ObserveRunner,
        DriftRemoval,
        ExpireRunner,
        OverlookedEnds,
        JudgeJob,
        AskGithub,
        IssueJitConfig,
        TakeBack,
        IssueRegistrationToken,
        Refusals,
        CurrentTerm,
        // one handler per message
        ProvisionRunnerHandler,
        DeprovisionRunnerHandler,
        RefreshRunnerHandler,
        RenewRegistrationTokenHandler,
        AbandonRunnerHandler,
        RecordObservationHandler,
        RecordWorkflowJobHandler,
        SettleRunnerHandler,
        RecordAccessRefusedHandler,
        UnmanagedRunners,
        SurplusMachines,
        RecordUnmanagedHandler,
        DescribeCallerHandler,
        OwnLabelPoliciesHandler,
        GetProvisionerStatsHandler,
        CheckProvisioningHandler,
        ...userParts,
        ...teamParts,
        ...identityProviderParts,
        ...trustRuleParts,
        ...machineClientParts,
        ...operationParts,
        ...labelPolicyParts,
      ],
    };
  }
}
