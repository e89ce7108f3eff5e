import { type Database, findRowsAfter } from '#libs/read-model';
import { JobReport, type JobReportRow } from './job-report.entity.js';

/** The reports that wait in the database. */
export class JobReports {
  constructor(private readonly database: Pick<Database, 'em'>) {}

  /** The oldest ones after a log position. */
  waitingAfter(position: bigint, limit: number): Promise<JobReportRow[]> {
    return findRowsAfter<JobReportRow>(this.database.em(), JobReport, 'position', position, limit);
  }

  async answered(ids: readonly string[]): Promise<void> {
    await this.database.em().nativeDelete(JobReport, { id: { $in: [...ids] } });
  }
}
