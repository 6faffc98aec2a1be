/** What nodes tell of their recorded files, applied to the index in the transaction that stores the event's number. */
import type { NodeEventHandler } from '../media-nodes/media-nodes.ts';
import { deleteFile, replaceInventory, saveFiles } from './store.ts';

export const applyRecordingEvent: NodeEventHandler = async (change, nodeId, { event }) => {
  switch (event.kind) {
    case 'recording.inventory':
      return replaceInventory(change.tx, nodeId, event.inventory);
    case 'recording.file-changed':
      return saveFiles(change.tx, nodeId, [event.file]);
    case 'recording.file-deleted':
      return deleteFile(change.tx, nodeId, event.path, event.cause !== 'vanished');
    case 'stream.changed':
      // Health reads snapshots, which hold the same and more.
      return;
  }
};
