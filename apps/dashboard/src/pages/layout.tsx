import { assetUrl } from './assets.js';
import type { FleetPage } from './fleet-page.js';
import { FleetTable } from './fleet-table.js';
import { queryString } from './page-query.js';

/** The whole page; what is inside `#fleet` is sent again whenever it changes. */
export const FleetDocument = ({ fleet }: { fleet: FleetPage }) => (
  <>
    {'<!doctype html>'}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false}' />
        <title>Runners</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={assetUrl('dashboard.css')} />
        <script src={assetUrl('dashboard.js')} defer />
      </head>
      <body>
        <a class="skip" href="#fleet">
          Skip to the runners
        </a>
        <header class="top">
          <h1>Runners</h1>
          <p id="connection" role="status" data-state="connecting">
            Connecting…
          </p>
          <p class="reader">
            <span safe>{fleet.reader}</span> · <a href="/dashboard/logout">Sign out</a>
          </p>
        </header>
        <search>
          <form class="search" action="/dashboard" method="get">
            {fleet.query.status ? <input type="hidden" name="status" value={fleet.query.status} /> : ''}
            <label for="q">Name contains</label>
            <input
              id="q"
              name="q"
              type="search"
              maxlength="64"
              autocomplete="off"
              value={fleet.query.q ?? ''}
            />
            <button type="submit">Search</button>
          </form>
        </search>
        <main id="fleet" hx-swap="innerMorph" {...liveFrom(`/dashboard/events${queryString(fleet.query)}`)}>
          <FleetTable fleet={fleet} />
        </main>
      </body>
    </html>
  </>
);

/** The SSE extension's attribute; its name cannot be written in JSX. */
const liveFrom = (url: string) => ({ 'hx-sse:connect': url });
