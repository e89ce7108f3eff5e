/** Says what a value should be when it is not, else nothing. Values themselves are never shown: some are secret. */
type Shape = (value: string) => string | undefined;

const flag: Shape = (value) => (/^(true|false)$/.test(value) ? undefined : 'must be true or false');

const oneOf =
  (...words: readonly string[]): Shape =>
  (value) =>
    words.includes(value.toLowerCase()) ? undefined : `must be one of ${words.join(', ')}`;

const wholeNumber =
  (minimum: number, maximum = Number.MAX_SAFE_INTEGER): Shape =>
  (value) => {
    const fits = /^\d+$/.test(value) && Number(value) >= minimum && Number(value) <= maximum;
    const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
    return fits ? undefined : `must be a whole number ${range}`;
  };

const urlOf =
  (...schemes: readonly string[]): Shape =>
  (value) =>
    schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value.split(',')[0] ?? '')
      ? undefined
      : `must begin with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;

const web = urlOf('http', 'https');

/** The settings that have a shape; the others may hold any text. */
export const variableShapes: Record<string, Shape> = {
  GITHUB_APP_ID: wholeNumber(1),
  GITHUB_APP_INSTALLATION_ID: wholeNumber(1),
  GITHUB_API_URL: web,
  GITHUB_URL: web,
  DEFAULT_RUNNER_GROUP_ID: wholeNumber(1),
  OIDC_ISSUER: web,
  OIDC_JWKS_URL: web,
  ENABLE_OIDC_AUTH: flag,
  ALLOW_PRIVATE_ISSUERS: flag,
  ALLOW_INSECURE_AUTH: flag,
  ALLOW_EMBEDDED_EVENT_STORE: flag,
  DATABASE_URL: urlOf('sqlite', 'postgres', 'postgresql'),
  EVENTSTORE_URL: urlOf('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'),
  EVENT_STORE_SCAVENGE_INTERVAL_SECONDS: wholeNumber(0, 2_000_000),
  SERVICE_PORT: wholeNumber(1, 65_535),
  PUBLIC_URL: web,
  LOG_LEVEL: oneOf('fatal', 'critical', 'error', 'warn', 'warning', 'info', 'debug', 'trace'),
  RATE_LIMIT_WRITES_PER_MINUTE: wholeNumber(0),
  RATE_LIMIT_READS_PER_MINUTE: wholeNumber(0),
  SYNC_ENABLED: flag,
  SYNC_INTERVAL_SECONDS: wholeNumber(1),
  SYNC_PENDING_INTERVAL_SECONDS: wholeNumber(1),
  SYNC_ON_STARTUP: flag,
  DELIVERY_CHECK_INTERVAL_SECONDS: wholeNumber(1, 2_000_000),
  GITHUB_DELIVERY_RETENTION_DAYS: wholeNumber(4, 36_500),
  SYNC_CYCLE_RETENTION_EVENTS: wholeNumber(200),
  CLEANUP_STALE_RUNNERS_HOURS: wholeNumber(1),
  JIT_CONFIG_TTL_SECONDS: wholeNumber(1),
  SLOT_CHECK_INTERVAL_SECONDS: wholeNumber(0, 2_000_000),
  LABEL_DRIFT_ACTION: oneOf('remove', 'alert'),
  LABEL_DRIFT_DELETE_BUSY_RUNNERS: flag,
  LABEL_POLICY_ENFORCEMENT: oneOf('audit', 'enforce'),
  DEFAULT_LABEL_POLICY: oneOf('allow', 'deny'),
  REQUIRE_TEAM: flag,
};

export const isFlag = (name: string) => variableShapes[name] === flag;
