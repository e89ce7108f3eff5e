export interface Introduced {
  url: string;
  oidcIssuer: string;
  appId: number;
  installationId: number;
  privateKeyPath: string;
  org: string;
  oidcAudience: string;
  oidcClientId: string;
  machineClientId: string;
  webhookUrl: string | undefined;
}

/** What a person who started the simulator needs to know: how to point something at it, and how to play. */
export function introduction(about: Introduced): string {
  const { url } = about;
  const curl = (method: string, path: string, body?: unknown) =>
    `curl -s -X ${method} ${url}/_simulator/${path}${body ? ` -d '${JSON.stringify(body)}'` : ''}`;
  const lost = {
    operation: 'actions/generate-runner-jitconfig-for-org',
    status: 502,
    next: 1,
    when: 'after',
  };
  return `
GitHub and an OIDC issuer, simulated. Use them with:

  GITHUB_API_URL=${url}
  GITHUB_URL=${url}
  GITHUB_APP_ID=${about.appId}
  GITHUB_APP_INSTALLATION_ID=${about.installationId}
  GITHUB_APP_PRIVATE_KEY_PATH=${about.privateKeyPath}
  GITHUB_ORG=${about.org}
  OIDC_ISSUER=${about.oidcIssuer}
  OIDC_AUDIENCE=${about.oidcAudience}
  OIDC_CLIENT_ID=${about.oidcClientId}

Webhooks go to ${about.webhookUrl ?? 'nobody: set WEBHOOK_URL and GITHUB_WEBHOOK_SECRET'}.
Machine client: ${about.machineClientId}

  a token        ${curl('POST', 'tokens', { sub: 'ada', email: 'ada@example.test' })}
  a queued job   ${curl('POST', 'jobs', { labels: ['self-hosted'] })}
  what there is  ${curl('GET', 'state')}
  webhooks       ${curl('GET', 'deliveries')}
  lose an answer ${curl('PATCH', 'switches', { failures: [lost] })}
  lose webhooks  ${curl('PATCH', 'switches', { hooks: { drop_rate: 0.5 } })}
  all normal     ${curl('DELETE', 'switches')}

More switches and routes: test/simulator/README.md

`;
}
