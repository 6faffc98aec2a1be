/** Fetches the bundled base map once per page. */
import type { BaseMapFile } from './base-map-format.ts';
import { readBaseMap } from './base-map.ts';
import type { BaseMap } from './base-map.ts';

/** Gives the base map; the same promise to everybody, a new attempt after a failure. */
export function createBaseMapSource(fetchFile: () => Promise<BaseMapFile>): () => Promise<BaseMap> {
  let loading: Promise<BaseMap> | null = null;
  return () => {
    loading ??= fetchFile()
      .then(readBaseMap)
      .catch((error: unknown) => {
        loading = null;
        throw error;
      });
    return loading;
  };
}

/** Reads the file that the web ships with. Throws when it cannot be had. */
export async function fetchBundledBaseMap(): Promise<BaseMapFile> {
  const response = await fetch('/base-map/zizhong.json');
  if (!response.ok) throw new Error(`base map: HTTP ${response.status}`);
  return (await response.json()) as BaseMapFile;
}
