/** A process that records a clip in real time until it is killed. Arguments: folder, camera id. Prints `{seconds, wallClockMs}` per frame. */
import { systemClock } from '../../media/clock/clock.ts';
import { createRecorder } from '../../media/recorder/recorder.ts';
import { createRecordingStore } from '../../media/recorder/store.ts';
import { ClipHub } from './clip-hub.ts';
import { silentLog } from './silent-log.ts';

const [directory, cameraId] = process.argv.slice(2);
if (directory === undefined || cameraId === undefined) throw new Error('usage: recording-child.ts folder camera');
const store = createRecordingStore({ directory, clock: systemClock, log: silentLog });
const recorder = createRecorder({ store, cameraId, role: 'main', clock: systemClock, onFile: () => {}, onFault: () => {}, log: silentLog });
const hub = new ClipHub();
hub.addSink(recorder, 'next-key-frame');
hub.addSink({ onTracks() {}, onFrame: (frame) => process.stdout.write(`${frame.arrivedWallClockMs}\n`), onInterrupted() {} }, 'next-key-frame');
hub.play();
