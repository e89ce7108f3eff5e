import { LoggerModule } from 'nestjs-pino';

/** Field names whose values never reach a log line, wherever they stand. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  'encodedJitConfig',
  'encoded_jit_config',
  'registrationToken',
  'registration_token',
  'removalToken',
  'removal_token',
  'privateKey',
  'run_command',
  'configuration_command',
];

const redactionPaths = SECRET_FIELDS.flatMap((field) => [
  field,
  `*.${field}`,
  `*.*.${field}`,
  `req.headers.${field}`,
]);

/** JSON lines on standard output, with the app's name and, where there is one, the request id. */
export const loggerModule = (app: string, level: string) =>
  LoggerModule.forRoot({
    pinoHttp: {
      level,
      base: { app },
      redact: { paths: redactionPaths, censor: '[redacted]' },
      genReqId: (request) => String(request.headers['x-request-id'] ?? ''),
      autoLogging: {
        ignore: (request) => (request.url ?? '').startsWith('/health') || request.url === '/metrics',
      },
      customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'warn' : 'debug'),
      serializers: {
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
          id,
          method,
          path: url.split('?')[0],
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
  });
