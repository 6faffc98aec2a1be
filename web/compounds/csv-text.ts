/** CSV that Excel opens as it is: byte order mark, CRLF, and no cell that Excel would run as a formula. Pure. */

/** Writes rows as CSV text (RFC 4180) with a BOM. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(formatCell).join(',')).join('\r\n')}\r\n`;
}

function formatCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // A name that begins like a formula is shown as text: the apostrophe is Excel's own mark for that.
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
