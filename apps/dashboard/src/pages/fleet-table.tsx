import type { RunnerStatus, RunnerView } from '#libs/contracts';
import { age } from './age.js';
import type { FleetPage } from './fleet-page.js';
import { type PageQuery, pagesFor, queryString } from './page-query.js';

/** The part of the page that moves: counts, table, and the way to further pages. */
export const FleetTable = ({ fleet }: { fleet: FleetPage }) => (
  <>
    <StatusTabs fleet={fleet} />
    {fleet.runners.length > 0 ? <RunnerTable fleet={fleet} /> : <NoRunners query={fleet.query} />}
    <Pager fleet={fleet} />
  </>
);

const TABS: readonly { label: string; status?: RunnerStatus }[] = [
  { label: 'Live' },
  { label: 'Pending', status: 'pending' },
  { label: 'Active', status: 'active' },
  { label: 'Offline', status: 'offline' },
  { label: 'Deleted', status: 'deleted' },
];

const StatusTabs = ({ fleet: { counts, query } }: { fleet: FleetPage }) => (
  <nav class="tabs" aria-label="Runners by status">
    {TABS.map(({ label, status }) => (
      <a
        id={`tab-${status ?? 'live'}`}
        href={`/dashboard${queryString({ q: query.q, status, page: 1 })}`}
        {...(query.status === status ? { 'aria-current': 'page' } : {})}
      >
        <span class="count" safe>
          {String(status ? counts[status] : counts.pending + counts.active + counts.offline)}
        </span>{' '}
        <span safe>{label}</span>
      </a>
    ))}
  </nav>
);

const RunnerTable = ({ fleet: { runners, now } }: { fleet: FleetPage }) => (
  <div class="scroll">
    <table>
      <caption class="hidden">Runners, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Runner</th>
          <th scope="col">State</th>
          <th scope="col">Labels</th>
          <th scope="col">Team</th>
          <th scope="col">Provisioned by</th>
          <th scope="col">Current job</th>
          <th scope="col" class="number">
            Age
          </th>
        </tr>
      </thead>
      <tbody>
        {runners.map((runner) => (
          <RunnerRow runner={runner} now={now} />
        ))}
      </tbody>
    </table>
  </div>
);

const RunnerRow = ({ runner, now }: { runner: RunnerView; now: Date }) => (
  <tr id={`runner-${runner.runnerId}`} class={runner.status === 'deleted' ? 'gone' : ''}>
    <th scope="row" title={runner.runnerId} safe>
      {runner.runnerName}
    </th>
    <td>
      <span class={`state ${runner.state}`} safe>
        {runner.state}
      </span>
      {runner.deletionReason ? (
        <small class="quiet" safe>
          {runner.deletionReason}
        </small>
      ) : (
        ''
      )}
    </td>
    <td>
      <ul class="labels" aria-label="Labels">
        {runner.labels.map((label) => (
          <li safe>{label}</li>
        ))}
      </ul>
    </td>
    <td safe>{runner.teamName ?? '–'}</td>
    <td safe>{runner.provisionedBy}</td>
    <td>
      <CurrentJob job={runner.currentJob} />
    </td>
    <td class="number">
      <time datetime={runner.createdAt} title={runner.createdAt} safe>
        {age(runner.createdAt, now)}
      </time>
    </td>
  </tr>
);

const CurrentJob = ({ job }: { job: RunnerView['currentJob'] }) => {
  if (!job) return <span class="quiet">–</span>;
  const text = `${job.repository} · ${job.jobName}`;
  if (!isWebAddress(job.htmlUrl)) return <span safe>{text}</span>;
  return (
    <a href={job.htmlUrl} target="_blank" rel="noopener noreferrer" safe>
      {text}
    </a>
  );
};

/** Escaping does not make a `javascript:` address harmless. */
const isWebAddress = (address: string): boolean => /^https?:\/\//i.test(address);

const NoRunners = ({ query: { status, q } }: { query: PageQuery }) =>
  status || q ? (
    <p class="empty">
      No runner fits. <a href="/dashboard">Show all live runners</a>
    </p>
  ) : (
    <p class="empty">
      No runners yet. <code>POST /api/v1/runners/jit</code> makes one; it appears here by itself.
    </p>
  );

const Pager = ({ fleet: { query, total } }: { fleet: FleetPage }) => {
  const last = pagesFor(total);
  const to = (page: number) => `/dashboard${queryString({ ...query, page })}`;
  return (
    <footer class="pager">
      <span safe>{`${total} ${total === 1 ? 'runner' : 'runners'}`}</span>
      {query.page > 1 ? (
        <a rel="prev" href={to(query.page - 1)}>
          Newer
        </a>
      ) : (
        ''
      )}
      {query.page < last ? (
        <a rel="next" href={to(query.page + 1)}>
          Older
        </a>
      ) : (
        ''
      )}
    </footer>
  );
};
