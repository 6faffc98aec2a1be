/** The recordings' part of the server. */
import type { DomainModule, Platform } from '../platform.ts';
import { applyRecordingEvent } from './node-recordings.ts';
import { recordingRoutes } from './routes.ts';
import { createRecordingService } from './service.ts';
import type { RecordingService } from './service.ts';

export function createRecordingsModule(platform: Platform): DomainModule & { readonly recordings: RecordingService } {
  const recordings = createRecordingService(platform);
  return { routes: recordingRoutes(recordings), nodeEvents: applyRecordingEvent, recordings };
}
