/** Runs in the browser: says whether the page still moves by itself. */
export const dashboardJs = `'use strict';
const connection = document.getElementById('connection');
const show = (state, text) => {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = text;
};
document.addEventListener('htmx:sse:after:connection', (event) => {
  const { status } = event.detail.connection;
  if (status === 200) show('live', 'Live');
});
document.addEventListener('htmx:sse:error', (event) => {
  const { status } = event.detail;
  if (status === 401 || status === 403) show('ended', 'Signed out: reload the page');
  else show('waiting', 'Connecting again…');
});
document.addEventListener('htmx:sse:close', () => show('ended', 'Not connected: reload the page'));
`;
