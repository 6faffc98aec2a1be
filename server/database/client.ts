/** Opens the driver for either kind of address. */
import postgres from 'postgres';

type ClientOptions = NonNullable<Parameters<typeof postgres>[1]>;

const socketScheme = 'socket:';

/** Address of the embedded database: a socket in a folder that only this user can enter, as it asks for no password. */
export function embeddedUrl(socketPath: string): string {
  return `${socketScheme}${socketPath}`;
}

/** A client for `postgres://…` or {@link embeddedUrl}. Connects with its first query. */
export function openClient(url: string, options: ClientOptions): postgres.Sql {
  const silent = { onnotice: () => {}, ...options };
  if (!url.startsWith(socketScheme)) return postgres(url, silent);
  return postgres({ ...silent, path: url.slice(socketScheme.length), username: 'postgres', database: 'postgres' });
}
