/**
 * The tree of areas: district → street office → community → grid.
 *
 * A child is never broader than its parent (a community may hold a community, a district never hangs under a
 * street office), and nobody is his own ancestor.
 */
import type { AreaKind } from '../contract/district.ts';

export interface AreaNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: AreaKind;
}

/** Why an area cannot hang where it is put, or null when it can. */
export type AreaPlacementFault = 'parent-not-found' | 'area-cycle' | 'broader-than-parent' | 'narrower-than-child';

/**
 * Judges hanging `area` below its `parentId`. `others` is the present tree, with or without an older version of the area itself.
 */
export function judgePlacement(area: AreaNode, others: readonly AreaNode[]): AreaPlacementFault | null {
  const byId = new Map(others.map((other) => [other.id, other]));
  byId.set(area.id, area);
  for (const child of others) {
    if (child.parentId === area.id && child.id !== area.id && BREADTH[child.kind] < BREADTH[area.kind]) return 'narrower-than-child';
  }
  if (area.parentId === null) return null;
  const parent = byId.get(area.parentId);
  if (parent === undefined) return 'parent-not-found';
  if (isWithin(area.parentId, area.id, byId)) return 'area-cycle';
  return BREADTH[area.kind] < BREADTH[parent.kind] ? 'broader-than-parent' : null;
}

/** From the root down to the area itself; empty when the area is unknown. */
export function areaPath<Node extends AreaNode>(id: string, byId: ReadonlyMap<string, Node>): readonly Node[] {
  const path: Node[] = [];
  const seen = new Set<string>();
  for (let area = byId.get(id); area !== undefined && !seen.has(area.id); area = area.parentId === null ? undefined : byId.get(area.parentId)) {
    seen.add(area.id);
    path.unshift(area);
  }
  return path;
}

/** 0 is the broadest. */
const BREADTH: Readonly<Record<AreaKind, number>> = { district: 0, 'street-office': 1, community: 2, grid: 3 };

/** Whether `id` is `ancestorId` or lies below it. */
function isWithin(id: string, ancestorId: string, byId: ReadonlyMap<string, AreaNode>): boolean {
  return areaPath(id, byId).some((area) => area.id === ancestorId);
}
