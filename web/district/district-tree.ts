/** The tree of areas, compounds and cameras as rows to show: what is unfolded, what a search leaves, how many are online. */
import type { Camera } from '../../server/contract/cameras.ts';
import type { Area, Compound } from '../../server/contract/district.ts';

export interface TreeNode {
  /** Unique in the tree: kind and id. */
  readonly key: string;
  readonly kind: 'area' | 'compound' | 'camera' | 'unplaced';
  readonly id: string;
  readonly name: string;
  readonly children: readonly TreeNode[];
  /** Cameras below; a camera counts itself. */
  readonly cameraIds: readonly string[];
}

export interface TreeRow {
  readonly node: TreeNode;
  readonly depth: number;
  readonly isOpen: boolean;
}

/** Key of the branch for cameras without a compound. */
const unplacedKey = 'unplaced';

/** Builds the tree. Compounds of unknown areas and cameras of unknown compounds are gathered under one last branch named `unplacedName`. */
export function buildTree(
  areas: readonly Area[],
  compounds: readonly Compound[],
  cameras: readonly Camera[],
  unplacedName: string,
): readonly TreeNode[] {
  const known = new Set(areas.map((area) => area.id));
  const areasByParent = groupBy(areas, (area) => (area.parentId !== null && known.has(area.parentId) ? area.parentId : ''));
  const compoundsByArea = groupBy(compounds, (compound) => (known.has(compound.areaId) ? compound.areaId : ''));
  const compoundIds = new Set(compounds.map((compound) => compound.id));
  const camerasByCompound = groupBy(cameras, (camera) => (camera.compoundId !== null && compoundIds.has(camera.compoundId) ? camera.compoundId : ''));

  const cameraNode = (camera: Camera): TreeNode => ({
    key: `camera:${camera.id}`,
    kind: 'camera',
    id: camera.id,
    name: camera.name,
    children: [],
    cameraIds: [camera.id],
  });
  const compoundNode = (compound: Compound): TreeNode =>
    branch('compound', compound.id, compound.name, (camerasByCompound.get(compound.id) ?? []).map(cameraNode));
  const areaNode = (area: Area, depth: number): TreeNode =>
    branch('area', area.id, area.name, [
      // Bounded: a cycle in bad data must not hang the page.
      ...(depth < 8 ? (areasByParent.get(area.id) ?? []).map((child) => areaNode(child, depth + 1)) : []),
      ...(compoundsByArea.get(area.id) ?? []).map(compoundNode),
    ]);

  const roots = (areasByParent.get('') ?? []).map((area) => areaNode(area, 0));
  const unplaced = [...(compoundsByArea.get('') ?? []).map(compoundNode), ...(camerasByCompound.get('') ?? []).map(cameraNode)];
  return unplaced.length === 0 ? roots : [...roots, { ...branch('unplaced', unplacedKey, unplacedName, unplaced), key: unplacedKey }];
}

/** The rows in sight. `matches` null: no search, branches open as `openKeys` says; else only matching nodes with their path, all open. */
export function visibleRows(
  roots: readonly TreeNode[],
  openKeys: ReadonlySet<string>,
  matches: ((node: TreeNode) => boolean) | null,
): readonly TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (nodes: readonly TreeNode[], depth: number) => {
    for (const node of nodes) {
      if (matches && !matches(node)) continue;
      const isOpen = node.children.length > 0 && (matches !== null || openKeys.has(node.key));
      rows.push({ node, depth, isOpen });
      if (isOpen) add(node.children, depth + 1);
    }
  };
  add(roots, 0);
  return rows;
}

/** A test for {@link visibleRows}: nodes that match, everything above them, and everything below a matching branch. */
export function matcherFor(roots: readonly TreeNode[], isMatch: (name: string) => boolean): (node: TreeNode) => boolean {
  const shown = new Set<string>();
  const visit = (node: TreeNode, isBelowMatch: boolean): boolean => {
    const isHit = isBelowMatch || isMatch(node.name);
    const hasHitBelow = node.children.map((child) => visit(child, isHit)).includes(true);
    if (isHit || hasHitBelow) shown.add(node.key);
    return isHit || hasHitBelow;
  };
  for (const root of roots) visit(root, false);
  return (node) => shown.has(node.key);
}

/** Keys open at first: the district and its street offices. */
export function initiallyOpen(roots: readonly TreeNode[]): ReadonlySet<string> {
  return new Set(roots.flatMap((root) => [root.key, ...root.children.filter((child) => child.kind === 'area').map((child) => child.key)]));
}

function branch(kind: TreeNode['kind'], id: string, name: string, children: readonly TreeNode[]): TreeNode {
  return { key: `${kind}:${id}`, kind, id, name, children, cameraIds: children.flatMap((child) => child.cameraIds) };
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, keyOf);
}
