/** The built web application: hashed files forever, everything else fresh, unknown paths get its first page. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import type { Router } from 'express';
import { DomainError } from './problem.ts';

/** Pages from the folder of the build; without a build the first page says how to make one. */
export function pagesRouter(folder: string): Router {
  const router = express.Router();
  // The build puts a hash into every name below assets, so a name never gets other contents.
  router.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }), () => {
    throw new DomainError('not-found');
  });
  router.use(
    express.static(folder, { index: false, redirect: false, setHeaders: (response) => void response.setHeader('Cache-Control', 'no-cache') }),
  );
  router.get('/{*path}', (request, response, next) => {
    // Programs that ask for anything get a problem for a path that is none.
    const isPage = request.path === '/' || (request.accepts(['json', 'html']) === 'html' && !/\.\w+$/.test(request.path));
    if (!isPage) {
      next();
      return;
    }
    if (existsSync(join(folder, 'index.html'))) {
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile('index.html', { root: folder });
    } else {
      response.status(503).type('text').send('The web application has not been built: npm run build\n');
    }
  });
  return router;
}
