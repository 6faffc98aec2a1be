/** Security headers for pages that play media from another port and run on plain HTTP inside a control room. */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

export interface SecurityHeadersOptions {
  /** Origins of the media nodes for whoever asks, such as `http://10.0.0.5:8090`. */
  readonly mediaOrigins: (request: { readonly protocol: string; readonly hostname: string }) => readonly string[];
  readonly isHttps: boolean;
}

const hostPattern = /^(?:[\w.-]+|\[[\da-f:.]+\])$/i;

export function securityHeaders(options: SecurityHeadersOptions): RequestHandler {
  const media = (request: IncomingMessage): string => {
    const { protocol, hostname } = request as IncomingMessage & { readonly protocol: string; readonly hostname: string };
    // The host is the client's word; one that is none would end the directive.
    return hostPattern.test(hostname) ? options.mediaOrigins({ protocol, hostname }).join(' ') : '';
  };
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        // Element Plus and ECharts place things by style attributes.
        'style-src': ["'self'", "'unsafe-inline'"],
        'img-src': ["'self'", 'data:', 'blob:', media],
        'font-src': ["'self'", 'data:'],
        'connect-src': ["'self'", media, (request) => media(request).replaceAll(/\bhttp(?=s?:)/g, 'ws')],
        // Media Source Extensions hand the video element a blob URL.
        'media-src': ["'self'", 'blob:', media],
        'worker-src': ["'self'", 'blob:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: options.isHttps,
    // Browsers ignore it without TLS and complain about it.
    crossOriginOpenerPolicy: options.isHttps,
    originAgentCluster: options.isHttps,
  });
}
