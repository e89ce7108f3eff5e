import { randomUUID } from 'node:crypto';

export const GITHUB_ACTIONS_ISSUER = 'https://token.actions.githubusercontent.com';
export const KUBERNETES_ISSUER = 'https://kubernetes.default.svc.cluster.local';

type Repository = { owner: string; name: string; ref?: string };

/**
 * What a job's token says, as GitHub documents it:
 * https://docs.github.com/en/actions/reference/security/oidc
 */
export const githubActionsClaims = ({ owner, name, ref = 'refs/heads/main' }: Repository) => {
  const repository = `${owner}/${name}`;
  const workflow = `${repository}/.github/workflows/runners.yml@${ref}`;
  const commit = '4e6f1f0f8d2b0f0a3c1d5e7f9a0b2c4d6e8f0a1b';
  return {
    iss: GITHUB_ACTIONS_ISSUER,
    sub: `repo:${repository}:ref:${ref}`,
    jti: randomUUID(),
    ref,
    ref_type: 'branch',
    ref_protected: 'true',
    sha: commit,
    repository,
    repository_id: '7401',
    repository_visibility: 'private',
    repository_owner: owner,
    repository_owner_id: '6501',
    actor: 'octocat',
    actor_id: '12',
    workflow: 'Runners',
    workflow_ref: workflow,
    workflow_sha: commit,
    job_workflow_ref: workflow,
    job_workflow_sha: commit,
    event_name: 'push',
    head_ref: '',
    base_ref: '',
    run_id: '8001',
    run_number: '10',
    run_attempt: '2',
    check_run_id: '900100',
    runner_environment: 'self-hosted',
  };
};

/**
 * What a projected service account token says, as Kubernetes documents it:
 * https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/
 */
export const kubernetesClaims = (namespace: string, serviceAccount: string, audience: string) => ({
  iss: KUBERNETES_ISSUER,
  sub: `system:serviceaccount:${namespace}:${serviceAccount}`,
  aud: [audience],
  jti: randomUUID(),
  'kubernetes.io': {
    namespace,
    node: { name: 'worker-1', uid: randomUUID() },
    pod: { name: `${serviceAccount}-7d9c5`, uid: randomUUID() },
    serviceaccount: { name: serviceAccount, uid: randomUUID() },
    warnafter: 1_900_000_000,
  },
});
