/** Members of an object: those that are always there, and the others with the reason why they are not. */
interface ExactMembers {
  always: readonly string[];
  sometimes: Readonly<Record<string, string>>;
}

/**
 * What the real GitHub sends, of objects whose schema makes much of it optional; by the schema's name. A member
 * that is in neither list is a difference, though the schema may know it.
 */
export const exactMembers: Readonly<Record<string, ExactMembers>> = {
  runner: {
    always: ['id', 'name', 'os', 'status', 'busy', 'ephemeral', 'runner_group_id', 'labels'],
    sometimes: { version: 'known once the runner has connected' },
  },
  'runner-label': { always: ['id', 'name', 'type'], sometimes: {} },
  'authentication-token': { always: ['token', 'expires_at'], sometimes: {} },
  'installation-token': {
    always: ['token', 'expires_at', 'permissions', 'repository_selection'],
    sometimes: { repositories: 'when the token was narrowed to some' },
  },
  'runner-groups-org': {
    always: [
      'id',
      'name',
      'visibility',
      'default',
      'runners_url',
      'inherited',
      'allows_public_repositories',
      'restricted_to_workflows',
      'selected_workflows',
      'workflow_restrictions_read_only',
    ],
    sometimes: {
      selected_repositories_url: 'when only some repositories may use the group',
      hosted_runners_url: 'on github.com, where groups may hold machines of GitHub',
      network_configuration_id: 'when one was given',
    },
  },
};

/** Members that GitHub sends though no schema names them, with the reason why we do too. */
export const unnamedMembers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'runner-groups-org': { is_hosted: 'read by the runner program while it registers itself' },
  'validation-error-simple': { status: 'every error repeats its status; this schema alone does not know' },
  'validation-error': { status: 'the same' },
  repository: { custom_properties: 'known of one repository; the lists of an Enterprise Server forget them' },
};
