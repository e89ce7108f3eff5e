import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, Reflector } from '@nestjs/core';
import { TokenVerifier } from '#libs/identity';
import { Bus, natsBus } from '#libs/messaging';
import { Health, HealthHttpController, loggerModule } from '#libs/runtime';
import { AuditRecordsHttpController } from './audit-records/audit-records.http.controller.js';
import { BearerGuard } from './authentication/bearer.guard.js';
import { TrustedIssuers } from './authentication/trusted-issuers.js';
import { BatchesHttpController } from './batches/batches.http.controller.js';
import { OperationsHttpController } from './batches/operations.http.controller.js';
import { BusConnection } from './bus-connection.js';
import { CallerHttpController } from './caller/caller.http.controller.js';
import { KnownPositions } from './caller/known-positions.js';
import { Questions } from './caller/questions.js';
import type { GatewayConfig } from './gateway.config.js';
import { IdentityProvidersHttpController } from './identity-providers/identity-providers.http.controller.js';
import { LabelPoliciesHttpController } from './label-policies/label-policies.http.controller.js';
import { MachineClientsHttpController } from './machine-clients/machine-clients.http.controller.js';
import { FailedAuthentications } from './rate-limit/failed-authentications.js';
import { RateLimitGuard } from './rate-limit/rate-limit.guard.js';
import { RateLimits } from './rate-limit/rate-limits.js';
import { readiness } from './readiness.js';
import { AccessRefusals } from './refusals/access-refusals.js';
import { DashboardStreams } from './runner-events/dashboard-streams.js';
import { RunnerEventsHttpController } from './runner-events/runner-events.http.controller.js';
import { RunnersHttpController } from './runners/runners.http.controller.js';
import { SecurityEventsHttpController } from './security-events/security-events.http.controller.js';
import { StatsHttpController } from './stats/stats.http.controller.js';
import { SyncHttpController } from './sync/sync.http.controller.js';
import { AdministeredTeamsHttpController } from './teams/administered-teams.http.controller.js';
import { TeamMembersHttpController } from './teams/team-members.http.controller.js';
import { TeamsHttpController } from './teams/teams.http.controller.js';
import { TrustRulesHttpController } from './trust-rules/trust-rules.http.controller.js';
import { UsersHttpController } from './users/users.http.controller.js';

/** The public door: HTTP to messages, replies to HTTP. It remembers nothing that matters. */
@Module({})
export class GatewayModule {
  static with(config: GatewayConfig, bus: Bus = natsBus('gateway', config.NATS_URL)): DynamicModule {
    return {
      module: GatewayModule,
      imports: [loggerModule('gateway', config.LOG_LEVEL)],
      controllers: [
        RunnersHttpController,
        RunnerEventsHttpController,
        AuditRecordsHttpController,
        CallerHttpController,
        TeamsHttpController,
        AdministeredTeamsHttpController,
        TeamMembersHttpController,
        UsersHttpController,
        SecurityEventsHttpController,
        MachineClientsHttpController,
        LabelPoliciesHttpController,
        IdentityProvidersHttpController,
        TrustRulesHttpController,
        BatchesHttpController,
        OperationsHttpController,
        SyncHttpController,
        StatsHttpController,
        HealthHttpController,
      ],
      providers: [
        KnownPositions,
        Questions,
        BusConnection,
        { provide: Bus, useValue: bus },
        {
          provide: TrustedIssuers,
          inject: [Bus],
          useFactory: (asking: Bus) => new TrustedIssuers(asking, config),
        },
        {
          provide: TokenVerifier,
          inject: [TrustedIssuers],
          useFactory: ({ verifier }: TrustedIssuers) => verifier,
        },
        {
          provide: RateLimits,
          useValue: new RateLimits({
            writesPerMinute: config.RATE_LIMIT_WRITES_PER_MINUTE,
            readsPerMinute: config.RATE_LIMIT_READS_PER_MINUTE,
          }),
        },
        {
          provide: DashboardStreams,
          useValue: new DashboardStreams({
            upstream: config.DASHBOARD_INTERNAL_URL,
            serverSecret: config.SERVER_SECRET,
            unlimited: config.RATE_LIMIT_READS_PER_MINUTE === 0,
          }),
        },
        { provide: AccessRefusals, useValue: new AccessRefusals(bus) },
        { provide: Health, inject: [Bus], useFactory: readiness },
        {
          provide: APP_GUARD,
          inject: [Reflector, TokenVerifier],
          useFactory: (reflector: Reflector, verifier: TokenVerifier) =>
            new BearerGuard(
              reflector,
              verifier,
              config.ENABLE_OIDC_AUTH,
              config.RATE_LIMIT_READS_PER_MINUTE > 0 ? new FailedAuthentications() : undefined,
            ),
        },
        {
          provide: APP_GUARD,
          inject: [RateLimits],
          useFactory: (limits: RateLimits) => new RateLimitGuard(limits),
        },
      ],
    };
  }
}
