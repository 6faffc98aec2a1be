/** What `/metrics` tells of the media nodes. */
import { Counter, Gauge } from 'prom-client';
import type { Metric } from 'prom-client';
import type { NodeService } from './node-service.ts';

/** Read when they are asked for; register each once. */
export function nodeMetrics(nodes: NodeService): readonly Metric[] {
  return [
    new Gauge({
      name: 'yilan_media_nodes_linked',
      help: 'Media nodes with a link',
      registers: [],
      collect() {
        this.set(nodes.links.linkedIds().length);
      },
    }),
    new Counter({
      name: 'yilan_media_node_events_set_aside_total',
      help: 'Events of media nodes that were acknowledged without being applied; the log names the reason of each',
      registers: [],
      collect() {
        this.reset();
        this.inc(nodes.setAsideEvents);
      },
    }),
  ];
}
