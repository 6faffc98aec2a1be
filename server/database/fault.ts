/** Tells a database that cannot answer from a statement that is wrong. */

/**
 * Whether the database itself is at fault: no connection, shutting down, out of resources (SQLSTATE classes 08, 53, 57).
 * drizzle wraps the driver's errors, so the cause is looked at too.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(08|53|57)\w{3}$/.test(code) || /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE)/.test(code)) return true;
  // The socket of the embedded database is gone while its process restarts.
  if (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect') return true;
  return isDatabaseUnavailable(error.cause);
}
