import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { type Observable, throwError } from 'rxjs';
import { Problem } from '#libs/contracts';

/** A handler's problem goes back to the asker as data; anything else becomes `unexpected` and is logged here. */
@Catch()
export class ProblemReplyFilter implements ExceptionFilter {
  private readonly logger = new Logger('bus');

  catch(error: unknown, host: ArgumentsHost): Observable<never> {
    const { context } = (host.switchToRpc().getData() ?? {}) as { context?: { requestId?: string } };
    const requestId = context?.requestId;
    if (error instanceof Problem) {
      if (error.cause) this.logger.warn({ code: error.code, requestId, err: error.cause }, error.message);
      return throwError(() => error.toData());
    }
    this.logger.error({ requestId, err: error }, 'a message could not be handled');
    const problem = new Problem(
      'unexpected',
      `Something went wrong here. Report the request id ${requestId}.`,
    );
    return throwError(() => problem.toData());
  }
}
