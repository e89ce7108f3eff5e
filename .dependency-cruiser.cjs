/** The import rules of docs/architecture.md as a check. `npm run check:imports` runs it. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from,
  to: { path: '^(apps|libs|test|deploy)/', pathNot: allowed },
});
const specs = '(\\.spec\\.tsx?|\\.contract\\.ts)$|/src/testing/';

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-app-to-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    only(
      'gateway-keeps-no-facts',
      { path: '^apps/gateway/', pathNot: specs },
      '^(apps/gateway/|libs/(contracts|identity|messaging|runtime)/)',
      'The gateway talks HTTP and NATS: never to the log, to SQL or to GitHub.',
    ),
    only(
      'provisioner-knows-no-tokens',
      { path: '^apps/provisioner/', pathNot: specs },
      '^(apps/provisioner/|libs/(contracts|access|event-store|github|messaging|read-model|runtime)/)',
    ),
    only(
      'sync-observes',
      { path: '^apps/sync/', pathNot: specs },
      '^(apps/sync/|libs/(contracts|event-store|github|messaging|read-model|runtime)/)',
    ),
    only(
      'views-read',
      { path: '^apps/(audit|dashboard)/', pathNot: specs },
      '^(apps/$1/|libs/(contracts|access|event-store|messaging|read-model|runtime|identity)/)',
    ),
    only(
      'contracts-import-nothing-of-ours',
      { path: '^libs/contracts/', pathNot: specs },
      '^libs/contracts/',
    ),
    only(
      'libs-know-contracts-and-runtime',
      { path: '^libs/(?!testing/|contracts/|access/)([^/]+)/', pathNot: specs },
      '^libs/($1|contracts|runtime)/',
    ),
    only(
      'access-is-pure-beside-its-projection',
      { path: '^libs/access/', pathNot: specs },
      '^libs/(access|contracts|read-model)/',
    ),
    {
      name: 'deciders-are-pure',
      comment: 'A decider may run in the head: no packages, no Node, no clock.',
      severity: 'error',
      from: { path: '\\.decider\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'] },
    },
    {
      name: 'store-and-tests-are-no-library',
      comment:
        'The embedded store is a process; the simulator is the outside world; libs/testing is for specs.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `${specs}|^libs/(embedded-event-store|testing)/` },
      to: { path: '^(libs/(embedded-event-store|testing)|test)/|/src/testing/' },
    },
    {
      name: 'simulators-are-held-to-descriptions',
      comment: "A spec starts its simulators so that their answers are compared with GitHub's descriptions.",
      severity: 'error',
      from: { path: '\\.spec\\.tsx?$' },
      to: { path: '^test/simulator/src/index\\.ts$', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'node'] },
  },
};
