/** The one Socket.io connection of the page: resumes after a break, hands events to the stores, says when the link is lost. */
import { until } from '@vueuse/core';
import { defineStore } from 'pinia';
import { io, type Socket } from 'socket.io-client';
import { ref } from 'vue';
import type { RealtimeEvent, ServerToBrowser } from '../../server/contract/realtime.ts';
import { useServerClock } from '../clock/server-clock.ts';
import { EventCursor } from './event-order.ts';

type EventName = RealtimeEvent['name'];

/** How a store listens. `reload` is called when events may have been missed and lists must be read again. */
export interface RealtimeListener {
  readonly event?: (event: RealtimeEvent) => void;
  readonly reload?: () => void;
}

const eventNames: readonly EventName[] = ['camera.changed', 'alarm.raised', 'alarm.changed', 'media-node.changed', 'district.changed'];

export const useRealtime = defineStore('realtime', () => {
  const serverClock = useServerClock();
  /** `connecting` before the first link; `lost` after one was there. */
  const link = ref<'off' | 'connecting' | 'linked' | 'lost'>('off');
  const listeners = new Set<RealtimeListener>();
  let cursor = new EventCursor();
  let socket: Socket<ServerToBrowser, Record<string, never>> | null = null;

  /** Connects with the session's cookie; does nothing when connected already. */
  function open(): void {
    if (socket) return;
    link.value = 'connecting';
    cursor = new EventCursor();
    const opened: Socket<ServerToBrowser, Record<string, never>> = io({
      // Read at every attempt, so that a reconnect resumes from the newest event seen.
      auth: (answer: (data: object) => void) => answer(cursor.lastEventId === null ? {} : { lastEventId: cursor.lastEventId }),
      transports: ['websocket', 'polling'],
      reconnectionDelay: 500,
      reconnectionDelayMax: 5000,
    });
    socket = opened;
    opened.on('disconnect', () => (link.value = 'lost'));
    opened.on('connect_error', () => {
      link.value = 'lost';
      // A refusal by the server (not a broken line) ends socket.io's own attempts.
      if (!opened.active) setTimeout(() => socket === opened && opened.connect(), 5000);
    });
    opened.on('stream.ready', (answer) => {
      serverClock.learn(answer.serverTime);
      const isFirst = cursor.lastEventId === null;
      cursor.moveTo(answer.lastEventId);
      link.value = 'linked';
      // Nothing was resumed: lists read before this moment may have missed events.
      if (isFirst) for (const listener of listeners) listener.reload?.();
    });
    opened.on('stream.reset', (answer) => {
      serverClock.learn(answer.serverTime);
      cursor.reset(answer.lastEventId);
      link.value = 'linked';
      for (const listener of listeners) listener.reload?.();
    });
    for (const name of eventNames) listen(opened, name);
  }

  /** Untyped towards socket.io: the contract guarantees that an event of this name is what it says. */
  function listen(opened: Socket, name: string): void {
    opened.on(name, (event: Omit<RealtimeEvent, 'name'>) => {
      if (!cursor.take(event.id)) return;
      const named = { ...event, name } as RealtimeEvent;
      for (const listener of listeners) listener.event?.(named);
    });
  }

  /** Ends the connection, at logout. */
  function close(): void {
    socket?.disconnect();
    socket = null;
    link.value = 'off';
  }

  /** Waits for the link, so that lists are read once and miss nothing; gives up waiting after `atMostMs`. */
  async function whenLinked(atMostMs: number): Promise<void> {
    await until(link).toBe('linked', { timeout: atMostMs });
  }

  /** Adds a listener; the answer takes it off again. */
  function subscribe(listener: RealtimeListener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return { link, open, close, subscribe, whenLinked };
});
