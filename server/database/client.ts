/** Opens the driver for either kind of address. */
import postgres from 'postgres';

type ClientOptions = NonNullable<Parameters<typeof postgres>[1]>;

const socketScheme = 'socket:';

/** Seconds before the next attempt to connect. The driver's own delays grow to 20 s, long after a restarted database is back. */
const backoff = (retries: number): number => Math.min(1, 0.05 * 2 ** retries);

/** Address of the embedded database: a socket in a folder that only this user can enter, as it asks for no password. */
export function embeddedUrl(socketPath: string): string {
  return `${socketScheme}${socketPath}`;
}

/** A client for `postgres://…` or {@link embeddedUrl}. Connects with its first query. */
export function openClient(url: string, options: ClientOptions): postgres.Sql {
  const all = { onnotice: () => {}, backoff, ...options };
  if (!url.startsWith(socketScheme)) return postgres(url, all);
  return postgres({ ...all, path: url.slice(socketScheme.length), username: 'postgres', database: 'postgres' });
}
