/** Names of the parts that are interfaces or values and so cannot be asked for by their class. */
export const EVENT_STORE = Symbol('EventStore');
export const GITHUB = Symbol('Github');
export const DATABASE = Symbol('Database');
export const PROVISIONING = Symbol('ProvisioningConfig');
export const FIRST_TENANTS = Symbol('FirstTenantsConfig');
export const ENVIRONMENT_ISSUER = Symbol('EnvironmentIssuer');
export const SERVER_SECRET = Symbol('ServerSecret');
export const ALLOW_PRIVATE_ISSUERS = Symbol('AllowPrivateIssuers');
export const SLOT_CHECK_INTERVAL_MS = Symbol('SlotCheckIntervalMs');
