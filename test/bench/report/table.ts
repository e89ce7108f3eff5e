import { type Figure, holds, ratioOf, type Unit } from '../figure.js';

const HEADINGS = ['', 'measured', 'floor', '× floor', 'demanded', 'holds', ''];
const RIGHT = new Set([1, 2, 3, 4]);

/** Figures for people: one line each, columns aligned. */
export const tableOf = (figures: readonly Figure[]): string => {
  const rows = [HEADINGS, ...figures.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          RIGHT.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const cellsOf = (figure: Figure): string[] => {
  const { what, value, unit, floor, limit } = figure;
  const ratio = ratioOf(figure);
  const verdict = holds(figure);
  return [
    what,
    amount(value, unit),
    floor === undefined ? '–' : amount(floor.value, unit),
    ratio === undefined ? '–' : ratio.toFixed(ratio < 10 ? 2 : 0),
    limit === undefined ? '–' : `${unit === '/s' ? '≥' : '≤'} ${amount(limit, unit)}`,
    verdict === undefined ? '' : verdict ? 'yes' : 'NO',
    detailsOf(figure),
  ];
};

/** Where the samples lie that the value does not show, and how far the rounds are apart. */
const detailsOf = ({ spread, rounds, unit }: Figure): string =>
  [
    ...(spread
      ? [`n ${grouped(spread.count)}, p95 ${amount(spread.p95, unit)}, max ${amount(spread.max, unit)}`]
      : []),
    ...(rounds && rounds.length > 1 ? [`rounds ${rounds.map(plain).join(' ')}`] : []),
  ].join('; ');

export const amount = (value: number, unit: Unit): string =>
  unit === '/s' ? `${plain(value)}/s` : `${plain(value)} ${unit}`;

/** Three digits that matter; thousands apart. */
const plain = (value: number): string => {
  const size = Math.abs(value);
  if (size >= 100) return grouped(Math.round(value));
  return value.toFixed(size >= 10 ? 1 : 2);
};

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
