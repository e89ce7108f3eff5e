import { created, type GitHubRoute } from '../github-route.js';
import type { RegistrationTokens } from '../registration-tokens.js';

const base = '/orgs/:org/actions/runners';
const docs = '/actions/self-hosted-runners';
const write = 'organization_self_hosted_runners=write';

export const runnerTokenRoutes = (tokens: RegistrationTokens): GitHubRoute[] => [
  {
    method: 'POST',
    path: `${base}/registration-token`,
    operation: 'actions/create-registration-token-for-org',
    docs: `${docs}#create-a-registration-token-for-an-organization`,
    access: 'installation',
    permission: write,
    handle: () => created(tokens.mint('registration')),
  },
  {
    method: 'POST',
    path: `${base}/remove-token`,
    operation: 'actions/create-remove-token-for-org',
    docs: `${docs}#create-a-remove-token-for-an-organization`,
    access: 'installation',
    permission: write,
    handle: () => created(tokens.mint('remove')),
  },
];
