import { afterAll } from 'vitest';
import type { Server } from './servers/daemon.ts';

/** Keeps the servers of one test file; all end with its last test. */
export function keeper(): <S extends Server>(starting: Promise<S>) => Promise<S> {
  const running: Server[] = [];
  afterAll(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
  });
  return async (starting) => {
    const server = await starting;
    running.push(server);
    return server;
  };
}
