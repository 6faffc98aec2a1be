/** The wall of this page: its state in the URL and remembered for the next visit, and its patrol. */
import { useIntervalFn, useStorage } from '@vueuse/core';
import { computed, ref, shallowRef, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { useCameras } from '../cameras/cameras-store.ts';
import { holdPatrol, secondsToNext, startPatrol, tickPatrol, type Patrol } from './patrol.ts';
import {
  createWall,
  emptyWall,
  extendForPatrol,
  fillEmptyTiles,
  pageCount,
  tilesOfPage,
  withLayout,
  withPage,
  type Layout,
  type WallState,
} from './wall-layout.ts';
import { formatWallQuery, parseWallQuery } from './wall-url.ts';

/** What is remembered: the query of the last wall, as in the URL. */
type Remembered = Record<string, string>;

export function useWall() {
  const route = useRoute();
  const router = useRouter();
  const cameras = useCameras();
  const remembered = useStorage<Remembered>('yilan.wall', {});
  const patrolSeconds = useStorage('yilan.wall.patrol-seconds', 15);

  const wall = shallowRef<WallState>(parseWallQuery(route.query) ?? parseWallQuery(remembered.value) ?? emptyWall(9));
  /** One tile over the whole wall. */
  const isSolo = ref(false);
  const patrol = shallowRef<Patrol>({ kind: 'off' });
  const nowMs = ref(Date.now());
  const isPointing = ref(false);

  /** True while nobody has put a camera anywhere: then a larger layout fills itself too. */
  let isFilledByItself = false;

  function update(next: WallState): void {
    if (next.tiles.some((id, index) => id !== wall.value.tiles[index]) && next.layout === wall.value.layout) isFilledByItself = false;
    wall.value = next;
  }

  function setLayout(layout: Layout): void {
    const next = withLayout(wall.value, layout);
    wall.value = isFilledByItself ? fillEmptyTiles(next, camerasToShow.value) : next;
  }

  // A newcomer sees pictures at once: an empty wall fills itself with cameras, those that are online first.
  const camerasToShow = computed(() => {
    const rank = (status: string) => (status === 'online' ? 0 : status === 'idle' ? 1 : status === 'degraded' ? 2 : 3);
    return cameras.inOrder.toSorted((a, b) => rank(a.state.status) - rank(b.state.status)).map((camera) => camera.id);
  });
  watch(
    () => cameras.phase,
    (phase) => {
      if (phase !== 'ready') return;
      const known = wall.value.tiles.map((id) => (id !== null && cameras.byId.has(id) ? id : null));
      const isEmpty = known.every((id) => id === null);
      if (!isEmpty) return;
      update(fillEmptyTiles(emptyWall(wall.value.layout), camerasToShow.value));
      isFilledByItself = true;
    },
    { immediate: true },
  );

  watch(wall, (state) => {
    const query = formatWallQuery(state);
    remembered.value = query;
    if (JSON.stringify(query) !== JSON.stringify(formatWallQuery(parseWallQuery(route.query) ?? emptyWall(9)))) void router.replace({ query });
  });
  // The URL changed by somebody else: a link from the map, the browser's own history.
  watch(
    () => route.query,
    (query) => {
      if (route.path !== '/wall') return;
      const asked = parseWallQuery(query);
      if (asked && JSON.stringify(formatWallQuery(asked)) !== JSON.stringify(formatWallQuery(wall.value))) update(asked);
    },
  );

  function togglePatrol(): void {
    if (patrol.value.kind !== 'off') {
      patrol.value = { kind: 'off' };
      return;
    }
    isSolo.value = false;
    update(extendForPatrol(wall.value, camerasToShow.value));
    patrol.value = startPatrol(patrolSeconds.value, Date.now());
  }

  function setPatrolSeconds(seconds: number): void {
    patrolSeconds.value = seconds;
    if (patrol.value.kind !== 'off') patrol.value = startPatrol(seconds, Date.now());
  }

  useIntervalFn(() => {
    nowMs.value = Date.now();
    const ticked = tickPatrol(patrol.value, nowMs.value);
    patrol.value = ticked.patrol;
    if (ticked.isDue) update(withPage(wall.value, wall.value.page + 1));
  }, 250);
  watch(isPointing, (value) => (patrol.value = holdPatrol(patrol.value, value, Date.now())));

  /** What the patrol shows next and in how many seconds; null when it is off. */
  const upcoming = computed(() => {
    const seconds = secondsToNext(patrol.value, nowMs.value);
    if (seconds === null) return null;
    const next = withPage(wall.value, wall.value.page + 1);
    return { seconds, isHeld: patrol.value.kind === 'held', cameraIds: tilesOfPage(next).filter((id) => id !== null) };
  });

  /** Replaces the wall by a saved view. */
  function openView(view: { layout: WallState['layout']; tiles: readonly (string | null)[]; patrolSeconds: number | null }): void {
    isSolo.value = false;
    update(createWall(view.layout, view.tiles));
    patrol.value = view.patrolSeconds !== null && pageCount(wall.value) > 1 ? startPatrol(view.patrolSeconds, Date.now()) : { kind: 'off' };
  }

  const onWall = computed(() => new Set(tilesOfPage(wall.value).filter((id) => id !== null)));
  return { wall, update, setLayout, isSolo, patrol, patrolSeconds, isPointing, upcoming, togglePatrol, setPatrolSeconds, openView, onWall };
}
