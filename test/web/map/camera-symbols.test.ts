import { describe, expect, it } from 'vitest';
import type { CameraCluster, PlacedCamera } from '../../../web/map/camera-clusters.ts';
import { donutArcs, symbolSvg } from '../../../web/map/camera-symbols.ts';

const QUIET = { isSelected: false, isHighlighted: false };

function clusterOf(...statuses: PlacedCamera['status'][]): CameraCluster {
  return { key: 'a', x: 0, y: 0, cameras: statuses.map((status, index) => ({ id: `${index}`, name: '<b>', x: 0, y: 0, status, isAlarmed: false })) };
}

describe('camera symbols', () => {
  it('draws quarters that begin at the top and go round clockwise', () => {
    expect(donutArcs([1, 3], 10, 5)).toEqual(['M10 5A5 5 0 0 1 15 10', 'M15 10A5 5 0 1 1 10 5']);
  });

  it('draws a single state as a whole ring', () => {
    expect(donutArcs([4], 10, 5)).toEqual(['M10 5A5 5 0 1 1 10 15A5 5 0 1 1 10 5']);
    expect(donutArcs([0, 4], 10, 5)[1]).toBe('M10 5A5 5 0 1 1 10 15A5 5 0 1 1 10 5');
  });

  it('tells every state by a shape of its own, not by colour alone', () => {
    const drawings = (['online', 'degraded', 'offline', 'connecting', 'idle', 'unknown'] as const).map((status) =>
      symbolSvg(clusterOf(status), QUIET).replaceAll(/var\(--state-[a-z]+\)/g, 'colour'),
    );
    expect(new Set(drawings).size).toBe(6);
  });

  it('shows the number in a cluster and the shape of what is wrong in it', () => {
    const healthy = symbolSvg(clusterOf('online', 'online', 'online'), QUIET);
    const broken = symbolSvg(clusterOf('online', 'offline', 'online'), QUIET);
    expect(healthy).toContain('>3</text>');
    expect(healthy).not.toContain('--state-offline');
    expect(broken.match(/--state-offline/g)).toHaveLength(2);
  });

  it('puts no text from outside into the markup', () => {
    expect(symbolSvg(clusterOf('online'), QUIET)).not.toContain('<b>');
  });

  it('rings the selected symbol, and an alarmed one when nothing else rings it', () => {
    const [camera] = clusterOf('offline').cameras;
    const alarmed = { ...clusterOf('offline'), cameras: [{ ...camera!, isAlarmed: true }] };
    expect(symbolSvg(alarmed, QUIET)).toContain('symbol-ring alarmed');
    expect(symbolSvg(alarmed, { isSelected: true, isHighlighted: false })).toContain('symbol-ring selected');
    expect(symbolSvg(clusterOf('online'), QUIET)).not.toContain('symbol-ring');
  });
});
