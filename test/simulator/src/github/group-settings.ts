import { flag, integers, type JsonObject, oneOf, required, text, texts } from './request-body.js';
import type { GroupSettings } from './runner-groups.js';

const mostWorkflows = 1000;

/**
 * What a request says about a runner group; a group cannot be changed without repeating its name.
 * @throws GitHubError 422
 */
export function groupSettingsAsked(body: JsonObject): Partial<GroupSettings> & { name: string } {
  required(body, 'name');
  const asked = <Value>(key: string, read: (body: JsonObject, key: string) => Value) =>
    body[key] === undefined ? undefined : read(body, key);
  return {
    name: text(body, 'name'),
    ...present({
      visibility: asked('visibility', (from, key) => oneOf(from, key, ['all', 'selected', 'private'])),
      allowsPublicRepositories: asked('allows_public_repositories', flag),
      restrictedToWorkflows: asked('restricted_to_workflows', flag),
      selectedWorkflows: asked('selected_workflows', (from, key) => texts(from, key, 0, mostWorkflows)),
      selectedRepositoryIds: asked('selected_repository_ids', integers),
      networkConfigurationId: asked('network_configuration_id', (from, key) =>
        from[key] === null ? null : text(from, key),
      ),
    }),
  };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the members that are undefined. */
const present = <T extends object>(members: T): Present<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
